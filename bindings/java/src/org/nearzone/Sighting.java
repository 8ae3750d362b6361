package org.nearzone;

import java.util.Arrays;
import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * One identifier heard once.
 */
public final class Sighting {
  /** The RSSI of a radio that gave none. */
  public static final int NO_RSSI = 127;

  private final Scheme scheme;
  final byte[] identifier; // read in this package, never written
  private final long timeMillis;
  private final int rssiDbm;
  private final HeardBy heardBy;
  final byte[] metadata;

  /**
   * A sighting without metadata, heard in an advertisement.
   *
   * @param scheme the scheme that it was heard of
   * @param identifier of {@link Scheme#identifierSize} bytes; copied
   * @param timeMillis when it was heard, in milliseconds since 1970 UTC
   * @param rssiDbm as the radio gave it, -128 to 126, or {@link #NO_RSSI}
   */
  public Sighting(
      @NotNull Scheme scheme, byte @NotNull[] identifier, long timeMillis, int rssiDbm) {
    this(scheme, identifier, timeMillis, rssiDbm, HeardBy.ADVERTISEMENT, new byte[0]);
  }

  /**
   * A sighting with all there is to it.
   *
   * @param scheme the scheme that it was heard of
   * @param identifier of {@link Scheme#identifierSize} bytes; copied
   * @param timeMillis when it was heard, in milliseconds since 1970 UTC
   * @param rssiDbm as the radio gave it, -128 to 126, or {@link #NO_RSSI}
   * @param heardBy how it came through the air
   * @param metadata sealed metadata (4 bytes, Exposure Notification), transmit power (1 byte), or
   *     nothing; copied
   * @throws IllegalArgumentException where a length or the RSSI cannot be
   */
  public Sighting(@NotNull Scheme scheme, byte @NotNull[] identifier, long timeMillis, int rssiDbm,
      @NotNull HeardBy heardBy, byte @NotNull[] metadata) {
    this.scheme = Objects.requireNonNull(scheme, "scheme");
    this.identifier = identifier.clone();
    this.timeMillis = timeMillis;
    this.rssiDbm = rssiDbm;
    this.heardBy = Objects.requireNonNull(heardBy, "heardBy");
    this.metadata = metadata.clone();
    check(scheme, identifier, rssiDbm, metadata);
  }

  /** {@return the scheme that it was heard of} */
  public @NotNull Scheme getScheme() {
    return scheme;
  }

  /** {@return the identifier, of {@link Scheme#identifierSize} bytes} */
  public byte @NotNull[] getIdentifier() {
    return identifier.clone();
  }

  /** {@return when it was heard, in milliseconds since 1970 UTC} */
  public long getTimeMillis() {
    return timeMillis;
  }

  /** {@return the RSSI as the radio gave it, or {@link #NO_RSSI}} */
  public int getRssiDbm() {
    return rssiDbm;
  }

  /** {@return how it came through the air} */
  public @NotNull HeardBy getHeardBy() {
    return heardBy;
  }

  /** {@return sealed metadata (4 bytes), transmit power (1 byte), or nothing} */
  public byte @NotNull[] getMetadata() {
    return metadata.clone();
  }

  static void check(Scheme scheme, byte[] identifier, int rssiDbm, byte[] metadata) {
    if (identifier.length != scheme.identifierSize()) {
      throw new IllegalArgumentException("identifier has another length than its scheme's");
    }
    if (rssiDbm < Byte.MIN_VALUE || rssiDbm > Byte.MAX_VALUE) {
      throw new IllegalArgumentException("rssiDbm is not in -128 to 127");
    }
    if (metadata.length != 0 && metadata.length != 1 && metadata.length != 4) {
      throw new IllegalArgumentException("metadata has neither 0, 1 nor 4 bytes");
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Sighting)) {
      return false;
    }
    Sighting that = (Sighting) other;
    return scheme == that.scheme && Arrays.equals(identifier, that.identifier)
        && timeMillis == that.timeMillis && rssiDbm == that.rssiDbm && heardBy == that.heardBy
        && Arrays.equals(metadata, that.metadata);
  }

  @Override
  public int hashCode() {
    return Objects.hash(scheme, Arrays.hashCode(identifier), timeMillis, rssiDbm, heardBy,
        Arrays.hashCode(metadata));
  }

  @Override
  public @NotNull String toString() {
    return "Sighting{scheme=" + scheme + ", timeMillis=" + timeMillis + ", rssiDbm=" + rssiDbm
        + ", heardBy=" + heardBy + "}";
  }
}
