package org.nearzone;

/**
 * One request of an upload.
 */
public enum UploadStep implements Numbered {
  /** Code to token. */
  VERIFY(1),
  /** Token to certificate. */
  CERTIFY(2),
  /** Certificate and keys. */
  PUBLISH(3),
  /** One-time code and day keys. */
  REPORT_BLUEZONE(4);

  private final int number;

  UploadStep(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static UploadStep of(int number) {
    return Numbered.find(values(), number);
  }
}
