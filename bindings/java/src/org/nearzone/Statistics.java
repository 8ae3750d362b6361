package org.nearzone;

import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * What the log holds in all.
 */
public final class Statistics {
  private final long scans;
  private final long sightings;
  private final long bytesOnDisk;
  private final boolean clockInDoubt;

  Statistics(Unpacked in) {
    clockInDoubt = in.flag();
    scans = in.int64();
    sightings = in.int64();
    bytesOnDisk = in.int64();
  }

  /** {@return how many scans it holds} */
  public long getScans() {
    return scans;
  }

  /** {@return how many sightings it holds} */
  public long getSightings() {
    return sightings;
  }

  /** {@return how many bytes its files take} */
  public long getBytesOnDisk() {
    return bytesOnDisk;
  }

  /** {@return whether nothing is erased by age until the phone's clock is right again} */
  public boolean isClockInDoubt() {
    return clockInDoubt;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Statistics)) {
      return false;
    }
    Statistics that = (Statistics) other;
    return scans == that.scans && sightings == that.sightings && bytesOnDisk == that.bytesOnDisk
        && clockInDoubt == that.clockInDoubt;
  }

  @Override
  public int hashCode() {
    return Objects.hash(scans, sightings, bytesOnDisk, clockInDoubt);
  }

  @Override
  public @NotNull String toString() {
    return "Statistics{scans=" + scans + ", sightings=" + sightings + ", bytesOnDisk=" + bytesOnDisk
        + ", clockInDoubt=" + clockInDoubt + "}";
  }
}
