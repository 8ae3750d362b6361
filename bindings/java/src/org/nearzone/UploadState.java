package org.nearzone;

/**
 * Where an upload stands.
 */
public enum UploadState implements Numbered {
  /** It waits for the person to enter a code. */
  CODE_NEEDED(0),
  /** The code is to be sent. */
  CODE_ENTERED(1),
  /** The code's token is to be turned into a certificate. */
  VERIFIED(2),
  /** The keys are to be sent. */
  CERTIFIED(3),
  /** The server has the keys; a further code revises what it says of them. */
  ACCEPTED(4);

  private final int number;

  UploadState(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static UploadState of(int number) {
    return Numbered.find(values(), number);
  }
}
