package org.nearzone;

/**
 * A contact-tracing scheme: how identifiers are made of keys.
 */
public enum Scheme implements Numbered {
  /** 12-byte identifiers, 32-byte keys. */
  BLUEZONE(1),
  /** Exposure Notification: 16-byte identifiers and keys. */
  GAEN(2),
  /** DP-3T low-cost: 16-byte identifiers, 32-byte keys. */
  DP3T_LOW_COST(3),
  /** DP-3T hybrid: 16-byte identifiers and keys. */
  DP3T_HYBRID(4),
  /** Temporary Contact Numbers: 16-byte identifiers, 32-byte keys. */
  TCN(5),
  /** DP-3T unlinkable: 16-byte identifiers, 32-byte keys. */
  DP3T_UNLINKABLE(6);

  private final int number;

  Scheme(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static Scheme of(int number) {
    return Numbered.find(values(), number);
  }

  /** {@return how many bytes an identifier has} */
  public int identifierSize() {
    return this == BLUEZONE ? 12 : 16;
  }

  /** {@return how many bytes a published key has} */
  public int keySize() {
    return this == GAEN || this == DP3T_HYBRID ? 16 : 32;
  }
}
