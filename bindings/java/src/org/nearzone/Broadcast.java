package org.nearzone;

import java.util.Arrays;
import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * An identifier, and when it is on the air.
 */
public final class Broadcast {
  private final byte[] identifier;
  private final long startMillis;
  private final long endMillis;

  Broadcast(Unpacked in, Scheme scheme) {
    startMillis = in.int64();
    endMillis = in.int64();
    identifier = in.bytes(scheme.identifierSize());
    in.skip(16 - identifier.length);
  }

  /** {@return the identifier} */
  public byte @NotNull[] getIdentifier() {
    return identifier.clone();
  }

  /** {@return when it begins, in milliseconds since 1970 UTC} */
  public long getStartMillis() {
    return startMillis;
  }

  /** {@return when it is over} */
  public long getEndMillis() {
    return endMillis;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Broadcast)) {
      return false;
    }
    Broadcast that = (Broadcast) other;
    return Arrays.equals(identifier, that.identifier) && startMillis == that.startMillis
        && endMillis == that.endMillis;
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(identifier), startMillis, endMillis);
  }

  @Override
  public @NotNull String toString() {
    return "Broadcast{startMillis=" + startMillis + ", endMillis=" + endMillis + "}";
  }
}
