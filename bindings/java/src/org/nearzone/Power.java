package org.nearzone;

/**
 * How much is left in the battery, in steps that matter.
 */
public enum Power implements Numbered {
  /** Enough. */
  FULL(0),
  /** The radio scans half as often. */
  LOW(1),
  /** The radio does not scan. */
  CRITICAL(2);

  private final int number;

  Power(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }
}
