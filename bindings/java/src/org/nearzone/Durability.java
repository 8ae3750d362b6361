package org.nearzone;

/**
 * What recorded scans survive. A crash of the app loses nothing in either.
 */
public enum Durability implements Numbered {
  /** Synced before recording returns. */
  POWER_LOSS(0),
  /** A power cut may lose the newest scans. */
  LAST_MOMENTS(1);

  private final int number;

  Durability(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static Durability of(int number) {
    return Numbered.find(values(), number);
  }
}
