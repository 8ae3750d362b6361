package org.nearzone;

import org.jetbrains.annotations.NotNull;

/**
 * What bytes from the air say.
 */
public final class Heard {
  final byte[] packed;
  private final Scheme scheme;

  Heard(Scheme scheme, byte[] packed) {
    this.scheme = scheme;
    this.packed = packed;
  }

  private Unpacked skip(int size) {
    Unpacked in = new Unpacked(packed);
    in.skip(size);
    return in;
  }

  /** {@return what was found} */
  public @NotNull Finding getFinding() {
    return Finding.of(skip(0).int32());
  }

  /** {@return the scheme of the identity that it was read with} */
  public @NotNull Scheme getScheme() {
    return scheme;
  }

  /** {@return the identifier; zeros where none was found} */
  public byte @NotNull[] getIdentifier() {
    return skip(4).bytes(scheme.identifierSize());
  }

  /** {@return sealed metadata (4 bytes), a stated transmit power (1), or nothing} */
  public byte @NotNull[] getMetadata() {
    return skip(20).bytes(skip(24).int32());
  }

  /**
   * The identifier as what was heard.
   *
   * @param timeMillis when, in milliseconds since 1970 UTC
   * @param rssiDbm as the radio gave it
   * @param heardBy how it came through the air
   * @return to be recorded
   */
  public @NotNull Sighting toSighting(long timeMillis, int rssiDbm, @NotNull HeardBy heardBy) {
    if (getFinding() != Finding.IDENTIFIER) {
      throw new IllegalStateException("no identifier was found");
    }
    return new Sighting(scheme, getIdentifier(), timeMillis, rssiDbm, heardBy, getMetadata());
  }

  @Override
  public @NotNull String toString() {
    return "Heard{finding=" + getFinding() + ", scheme=" + scheme + "}";
  }
}
