package org.nearzone;

/**
 * Which of the health authority's servers a request goes to. They may be one.
 */
public enum UploadServer implements Numbered {
  /** It turns a code into a certificate, and wants the app's X-API-Key. */
  VERIFICATION(0),
  /** It takes the keys. */
  KEY_SERVER(1);

  private final int number;

  UploadServer(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static UploadServer of(int number) {
    return Numbered.find(values(), number);
  }
}
