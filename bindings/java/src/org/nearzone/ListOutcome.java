package org.nearzone;

/**
 * What became of a list that an index named.
 */
public enum ListOutcome implements Numbered {
  /** It was used, or is known not to concern this phone. */
  DONE(0),
  /** It is not there (404): the index is older than the server. */
  MISSING(1),
  /** It was not fetched, or is damaged, or was refused: to be tried again, five times in all. */
  FAILED(2);

  private final int number;

  ListOutcome(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static ListOutcome of(int number) {
    return Numbered.find(values(), number);
  }
}
