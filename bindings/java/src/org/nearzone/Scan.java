package org.nearzone;

import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * One opening of the radio's ear. One that heard nothing counts too.
 */
public final class Scan {
  /** The time of a scan that is not known. */
  public static final long UNKNOWN_TIME = Long.MIN_VALUE;

  private final long startMillis;
  private final long previousStartMillis;

  /**
   * After a scan that is not known.
   *
   * @param startMillis when it began, in milliseconds since 1970 UTC
   */
  public Scan(long startMillis) {
    this(startMillis, UNKNOWN_TIME);
  }

  /**
   * After another scan.
   *
   * @param startMillis when it began, in milliseconds since 1970 UTC
   * @param previousStartMillis when the scan before it began, or {@link #UNKNOWN_TIME}
   */
  public Scan(long startMillis, long previousStartMillis) {
    this.startMillis = startMillis;
    this.previousStartMillis = previousStartMillis;
  }

  /** {@return when it began, in milliseconds since 1970 UTC} */
  public long getStartMillis() {
    return startMillis;
  }

  /** {@return when the scan before it began, or {@link #UNKNOWN_TIME}} */
  public long getPreviousStartMillis() {
    return previousStartMillis;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Scan)) {
      return false;
    }
    Scan that = (Scan) other;
    return startMillis == that.startMillis && previousStartMillis == that.previousStartMillis;
  }

  @Override
  public int hashCode() {
    return Objects.hash(startMillis, previousStartMillis);
  }

  @Override
  public @NotNull String toString() {
    return "Scan{startMillis=" + startMillis + ", previousStartMillis=" + previousStartMillis + "}";
  }
}
