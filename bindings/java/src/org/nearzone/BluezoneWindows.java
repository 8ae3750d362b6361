package org.nearzone;

/**
 * How the times of Bluezone's identifiers are read.
 */
public enum BluezoneWindows implements Numbered {
  /** With five minutes more on either side, as clocks differ. */
  TOLERANT(0),
  /** Bit for bit as the original. */
  STRICT(1);

  private final int number;

  BluezoneWindows(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static BluezoneWindows of(int number) {
    return Numbered.find(values(), number);
  }
}
