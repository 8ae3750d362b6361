package org.nearzone;

/**
 * What was found in bytes from the air.
 */
public enum Finding implements Numbered {
  /** Not ours, or malformed. */
  NOTHING(0),
  /** An identifier. */
  IDENTIFIER(1),
  /** Ours, without an identifier: it is to be read over a connection. */
  ASK(2),
  /** An iPhone in the background, perhaps with our app: the same. */
  ASK_MAYBE(3);

  private final int number;

  Finding(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static Finding of(int number) {
    return Numbered.find(values(), number);
  }
}
