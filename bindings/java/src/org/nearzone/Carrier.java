package org.nearzone;

/**
 * What holds the identifier in an Android phone's advertisement.
 */
public enum Carrier implements Numbered {
  /** A company's data, beside the service. */
  MANUFACTURER_DATA(1),
  /** The service's own data. */
  SERVICE_DATA(2),
  /** Nothing: it is read over a connection. */
  GATT_ONLY(3);

  private final int number;

  Carrier(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static Carrier of(int number) {
    return Numbered.find(values(), number);
  }
}
