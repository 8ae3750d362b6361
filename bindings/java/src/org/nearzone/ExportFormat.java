package org.nearzone;

/**
 * A form of the person's own record as text.
 */
public enum ExportFormat implements Numbered {
  /** Comma-separated values with a line of headings. */
  CSV(1),
  /** A JSON object on each line. */
  JSON_LINES(2);

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
