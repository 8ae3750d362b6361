package org.nearzone;

/** An enum whose values stand for numbers of the C interface. */
interface Numbered {
  int number();

  /** The value of a number that the native library gave. */
  static <E extends Numbered> E find(E[] values, int number) {
    for (E value : values) {
      if (value.number() == number) {
        return value;
      }
    }
    throw new AssertionError("no value has the number " + number);
  }
}
