package org.nearzone;

/**
 * What came of verifying a list.
 */
public enum SignatureOutcome implements Numbered {
  /** A given public key verifies it. */
  VERIFIED(0),
  /** It carries no signature at all. */
  UNSIGNED(1),
  /** It is signed, but no public key was given. */
  UNKNOWN_KEY(2),
  /** It is signed, and none of the given public keys verifies it. */
  FAILED(3);

  private final int number;

  SignatureOutcome(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static SignatureOutcome of(int number) {
    return Numbered.find(values(), number);
  }
}
