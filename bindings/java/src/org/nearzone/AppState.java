package org.nearzone;

/**
 * Whether the app is being looked at.
 */
public enum AppState implements Numbered {
  /** It is. */
  FOREGROUND(1),
  /** It is not. */
  BACKGROUND(2);

  private final int number;

  AppState(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }
}
