package org.nearzone;

/** The person's yes to giving keys away. */
public enum Consent implements Numbered {
  /** To be passed in the handler of the button with which the person agrees, nowhere else. */
  THE_PERSON_CONSENTS(0x59657321);

  private final int number;

  Consent(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }
}
