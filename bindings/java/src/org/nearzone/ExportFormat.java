package org.nearzone;

/**
 * A form of the person's own record as text.
 */
public enum ExportFormat implements Numbered {
  /** Comma-separated values with a line of headings. */
  CSV(1),
  /** A JSON object on each line. */
  JSON_LINES(2),
  /**
   * The first, with what this phone itself sent at the time beside each sighting. Nothing is known
   * of keys that were given away.
   */
  CSV_WITH_OWN(3),
  /** The second, with what this phone itself sent at the time beside each sighting. */
  JSON_LINES_WITH_OWN(4);

  private final int number;

  ExportFormat(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }
}
