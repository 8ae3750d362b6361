package org.nearzone;

import java.util.List;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/** From one time until another. */
public final class TimeRange {
  private final long fromMillis;
  private final long toMillis;

  /**
   * From one time until another.
   *
   * @param fromMillis when it begins, in milliseconds since 1970 UTC
   * @param toMillis when it is over, exclusive
   */
  public TimeRange(long fromMillis, long toMillis) {
    this.fromMillis = fromMillis;
    this.toMillis = toMillis;
  }

  /** {@return when it begins, in milliseconds since 1970 UTC} */
  public long getFromMillis() {
    return fromMillis;
  }

  /** {@return when it is over, exclusive} */
  public long getToMillis() {
    return toMillis;
  }

  static byte[] pack(List<TimeRange> ranges) {
    Packed packed = new Packed(16 * ranges.size());
    for (TimeRange range : ranges) {
      packed.int64(range.fromMillis).int64(range.toMillis);
    }
    return packed.array();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TimeRange && fromMillis == ((TimeRange) other).fromMillis
        && toMillis == ((TimeRange) other).toMillis;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(fromMillis) * 31 + Long.hashCode(toMillis);
  }

  @Override
  public @NotNull String toString() {
    return "TimeRange{fromMillis=" + fromMillis + ", toMillis=" + toMillis + "}";
  }
}
