package org.nearzone;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * Counts of one day of the log.
 */
public final class DayCounts {
  /** The day of sightings whose time cannot be right. */
  public static final int DOUBTFUL_DAY = -1;

  private final int day;
  private final long scans;
  private final long sightings;
  private final long sealedBytes;

  private DayCounts(Unpacked in) {
    scans = in.int64();
    sightings = in.int64();
    sealedBytes = in.int64();
    day = in.int32();
    in.skip(4);
  }

  static List<DayCounts> unpack(byte[] packed) {
    Unpacked in = new Unpacked(packed);
    List<DayCounts> out = new ArrayList<>(packed.length / Native.DAY_COUNTS_SIZE);
    while (in.hasMore()) {
      out.add(new DayCounts(in));
    }
    return out;
  }

  /** {@return the day, in days since 1970-01-01, or {@link #DOUBTFUL_DAY}} */
  public int getDay() {
    return day;
  }

  /** {@return how many scans it holds} */
  public long getScans() {
    return scans;
  }

  /** {@return how many sightings it holds} */
  public long getSightings() {
    return sightings;
  }

  /** {@return how many bytes they take, sealed; 0 where they are not counted} */
  public long getSealedBytes() {
    return sealedBytes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof DayCounts)) {
      return false;
    }
    DayCounts that = (DayCounts) other;
    return day == that.day && scans == that.scans && sightings == that.sightings
        && sealedBytes == that.sealedBytes;
  }

  @Override
  public int hashCode() {
    return Objects.hash(day, scans, sightings, sealedBytes);
  }

  @Override
  public @NotNull String toString() {
    return "DayCounts{day=" + day + ", scans=" + scans + ", sightings=" + sightings
        + ", sealedBytes=" + sealedBytes + "}";
  }
}
