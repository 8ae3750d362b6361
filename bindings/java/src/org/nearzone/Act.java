package org.nearzone;

/**
 * What an app does with the radio.
 */
public enum Act implements Numbered {
  /** To send. */
  ADVERTISE(1),
  /** To hear. */
  SCAN(2),
  /** To serve the identifier over a connection, and to read it. */
  GATT(3);

  private final int number;

  Act(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }
}
