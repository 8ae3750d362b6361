package org.nearzone;

/**
 * What bytes are that a phone's system gave.
 */
public enum Form implements Numbered {
  /** A whole advertisement, with its scan response. */
  SCAN_RECORD(1),
  /** The data of a service, without its UUID. */
  SERVICE_DATA(2),
  /** Beginning with the company's two bytes. */
  MANUFACTURER_DATA(3),
  /** What a characteristic gave. */
  GATT_VALUE(4);

  private final int number;

  Form(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }
}
