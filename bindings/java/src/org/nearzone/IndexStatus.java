package org.nearzone;

import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * How far following an index is.
 */
public final class IndexStatus {
  private final long listed;
  private final long waiting;
  private final long givenUp;
  private final long wakeAtMillis;

  IndexStatus(Unpacked in) {
    listed = in.int64();
    waiting = in.int64();
    givenUp = in.int64();
    wakeAtMillis = in.int64();
  }

  /** {@return how many wanted lists the newest index has} */
  public long getListed() {
    return listed;
  }

  /** {@return how many of them are to be fetched} */
  public long getWaiting() {
    return waiting;
  }

  /** {@return how many of them failed five times} */
  public long getGivenUp() {
    return givenUp;
  }

  /** {@return when the next request may be made} */
  public long getWakeAtMillis() {
    return wakeAtMillis;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof IndexStatus)) {
      return false;
    }
    IndexStatus that = (IndexStatus) other;
    return listed == that.listed && waiting == that.waiting && givenUp == that.givenUp && wakeAtMillis == that.wakeAtMillis;
  }

  @Override
  public int hashCode() {
    return Objects.hash(listed, waiting, givenUp, wakeAtMillis);
  }

  @Override
  public @NotNull String toString() {
    return "IndexStatus{listed=" + listed + ", waiting=" + waiting + ", givenUp=" + givenUp + ", wakeAtMillis=" + wakeAtMillis + "}";
  }
}
