package org.nearzone;

/**
 * Whether somebody was within two metres for a quarter of an hour.
 */
public enum ExposureBand implements Numbered {
  /** Nothing was measured, or by an older version. */
  UNKNOWN(0),
  /** The time near, with its uncertainty, is shorter. */
  UNLIKELY(1),
  /** It may have been so long, or shorter. */
  POSSIBLE(2),
  /** The time near is as long, with its uncertainty. */
  LIKELY(3);

  private final int number;

  ExposureBand(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static ExposureBand of(int number) {
    return Numbered.find(values(), number);
  }
}
