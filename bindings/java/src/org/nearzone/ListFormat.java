package org.nearzone;

/**
 * The format of a published list.
 */
public enum ListFormat implements Numbered {
  /** Bluezone's JSON. */
  BLUEZONE_JSON(0),
  /** Exposure Notification's export, as a zip or its export.bin alone. */
  GAEN_EXPORT(1),
  /** NearZone's own. */
  NEARZONE(2),
  /** NearZone's set, of DP-3T unlinkable: items, and no keys. */
  NEARZONE_SET(3);

  private final int number;

  ListFormat(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static ListFormat of(int number) {
    return Numbered.find(values(), number);
  }
}
