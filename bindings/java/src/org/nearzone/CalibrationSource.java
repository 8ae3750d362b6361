package org.nearzone;

/** How what is known of a phone model was come by, from least to best known. */
public enum CalibrationSource implements Numbered {
  /** Of no table. */
  NONE(0),
  /** The average of all phones. */
  FLEET(1),
  /** The average of the maker's phones. */
  MAKER(2),
  /** Phones of the same device or model name. */
  SIMILAR_MODEL(3),
  /** This very model. */
  EXACT_MODEL(4);

  private final int number;

  CalibrationSource(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static CalibrationSource of(int number) {
    return Numbered.find(values(), number);
  }
}
