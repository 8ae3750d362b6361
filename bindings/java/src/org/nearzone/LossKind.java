package org.nearzone;

/**
 * Why something recorded is not there any more.
 */
public enum LossKind implements Numbered {
  /** What this opening found missing. */
  AT_OPENING(1),
  /** What damage took so far. */
  DAMAGE(2),
  /** What went because of the byte budget. */
  BUDGET(3);

  private final int number;

  LossKind(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }
}
