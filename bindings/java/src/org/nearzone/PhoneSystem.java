package org.nearzone;

/**
 * What a phone runs.
 */
public enum PhoneSystem implements Numbered {
  /** Google's. */
  ANDROID(1),
  /** Apple's. */
  IOS(2);

  private final int number;

  PhoneSystem(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }
}
