package org.nearzone;

/**
 * What a {@link Planner} says.
 */
public enum ActionKind implements Numbered {
  /** Stop sending. */
  STOP_ADVERTISING(1),
  /** Send {@link Device#transmission}, as a new advertising with a new address. */
  ADVERTISE(2),
  /** Stop hearing, and record the scan, also one that heard nothing. */
  STOP_SCANNING(3),
  /** Begin to hear. */
  SCAN(4),
  /** End the connection to the peer. */
  DISCONNECT(5),
  /** Connect to the peer, read its characteristic, and tell {@link Planner#answered}. */
  CONNECT(6);

  private final int number;

  ActionKind(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static ActionKind of(int number) {
    return Numbered.find(values(), number);
  }
}
