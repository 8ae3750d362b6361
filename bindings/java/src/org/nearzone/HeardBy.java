package org.nearzone;

/**
 * How an identifier came through the air.
 */
public enum HeardBy implements Numbered {
  /** In an advertisement. */
  ADVERTISEMENT(0),
  /** Read over a connection. */
  GATT(1);

  private final int number;

  HeardBy(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }
}
