package org.nearzone;

/**
 * Why something failed.
 */
public enum ErrorCode implements Numbered {
  /** The caller asked for something that cannot be. */
  INVALID_ARGUMENT(1),
  /** Foreign or stored bytes are malformed or damaged. */
  CORRUPT(2),
  /** A log was opened with a root secret that is not its own. */
  WRONG_KEY(3),
  /** No given public key verifies the list, or its validity has ended. */
  SIGNATURE_REFUSED(4),
  /** It does not exist. */
  NOT_FOUND(5),
  /** The operating system failed a read or a write. */
  IO(6),
  /** The disk or a byte budget is full. */
  NO_SPACE(7),
  /** Another process, or another object of this one, holds the log. */
  IN_USE(8),
  /** Written by a newer version of NearZone. */
  NEWER_FORMAT(9),
  /** Not supported. */
  UNSUPPORTED(10),
  /** A {@link Cancellation} asked for it. */
  CANCELLED(11),
  /** Input is larger than a stated limit. */
  LIMIT_EXCEEDED(12),
  /** The object was closed, suspended or used up. */
  CLOSED(13),
  /** The person's consent is missing. */
  CONSENT_REQUIRED(14),
  /** A fault of NearZone's own. */
  INTERNAL(15);

  private final int number;

  ErrorCode(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static ErrorCode of(int number) {
    return Numbered.find(values(), number);
  }
}
