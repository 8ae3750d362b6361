package org.nearzone;

/**
 * How infectious a key's owner is taken to have been on a day, as Exposure Notification has it.
 */
public enum Infectiousness implements Numbered {
  /** Not at all. */
  NONE(0),
  /** In the standard way. */
  STANDARD(1),
  /** More than that. */
  HIGH(2);

  private final int number;

  Infectiousness(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static Infectiousness of(int number) {
    return Numbered.find(values(), number);
  }
}
