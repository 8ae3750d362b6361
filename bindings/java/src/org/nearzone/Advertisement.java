package org.nearzone;

import java.util.Arrays;
import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * What to send, and until when: then it changes together with the radio's address.
 */
public final class Advertisement {
  private final Scheme scheme;
  private final byte[] identifier;
  private final byte[] metadata;
  private final long validUntilMillis;

  Advertisement(Unpacked in) {
    scheme = Scheme.of(in.int32());
    validUntilMillis = in.int64();
    identifier = in.bytes(in.int32());
    metadata = in.bytes(in.int32());
  }

  /** {@return the scheme that it is of} */
  public @NotNull Scheme getScheme() {
    return scheme;
  }

  /** {@return the identifier, of {@link Scheme#identifierSize} bytes} */
  public byte @NotNull[] getIdentifier() {
    return identifier.clone();
  }

  /** {@return what is sent with the identifier: 4 bytes (Exposure Notification), or nothing} */
  public byte @NotNull[] getMetadata() {
    return metadata.clone();
  }

  /** {@return until when it may be sent, in milliseconds since 1970 UTC} */
  public long getValidUntilMillis() {
    return validUntilMillis;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Advertisement)) {
      return false;
    }
    Advertisement that = (Advertisement) other;
    return scheme == that.scheme && Arrays.equals(identifier, that.identifier)
        && Arrays.equals(metadata, that.metadata) && validUntilMillis == that.validUntilMillis;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        scheme, Arrays.hashCode(identifier), Arrays.hashCode(metadata), validUntilMillis);
  }

  @Override
  public @NotNull String toString() {
    return "Advertisement{scheme=" + scheme + ", validUntilMillis=" + validUntilMillis + "}";
  }
}
