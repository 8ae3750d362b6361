package org.nearzone;

/**
 * Which sightings of an identifier that is heard again and again are kept.
 */
public enum Deduplication implements Numbered {
  /** All of them. */
  RAW(0),
  /** None within five seconds of the last one kept, as Bluezone. */
  FIVE_SECONDS(1),
  /** The first of each scan. */
  SCAN(2);

  private final int number;

  Deduplication(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static Deduplication of(int number) {
    return Numbered.find(values(), number);
  }
}
