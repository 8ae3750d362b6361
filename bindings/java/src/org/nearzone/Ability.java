package org.nearzone;

/**
 * Whether a phone's system lets an app do something.
 */
public enum Ability implements Numbered {
  /** It does not. */
  NO(0),
  /** With a restriction that matters. */
  LIMITED(1),
  /** It does. */
  YES(2);

  private final int number;

  Ability(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static Ability of(int number) {
    return Numbered.find(values(), number);
  }
}
