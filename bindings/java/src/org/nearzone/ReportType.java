package org.nearzone;

/**
 * How an infection is known.
 */
public enum ReportType implements Numbered {
  /** The list does not say. */
  UNKNOWN(0),
  /** By a test. */
  CONFIRMED_TEST(1),
  /** By a doctor, without a test. */
  CONFIRMED_CLINICAL_DIAGNOSIS(2),
  /** By the person alone. */
  SELF_REPORT(3),
  /** Reserved by Exposure Notification. */
  RECURSIVE(4),
  /** It was an error: the key stands for no infection. */
  REVOKED(5);

  private final int number;

  ReportType(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static ReportType of(int number) {
    return Numbered.find(values(), number);
  }
}
