package org.nearzone;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * One key's worth of nearness on one UTC day. It holds no identifier and no key.
 */
public final class Exposure {
  private final int day;
  private final long durationMillis;
  private final Integer minimumAttenuationDb;
  private final ReportType reportType;

  private Exposure(Unpacked in) {
    durationMillis = in.int64();
    day = in.int32();
    minimumAttenuationDb = in.known32();
    reportType = ReportType.of(in.int32());
    in.skip(4);
  }

  static List<Exposure> unpack(byte[] packed) {
    Unpacked in = new Unpacked(packed);
    List<Exposure> out = new ArrayList<>(packed.length / Native.EXPOSURE_SIZE);
    while (in.hasMore()) {
      out.add(new Exposure(in));
    }
    return out;
  }

  /** {@return the UTC day, in days since 1970-01-01} */
  public int getDay() {
    return day;
  }

  /** {@return how long it lasted, in milliseconds} */
  public long getDurationMillis() {
    return durationMillis;
  }

  /** {@return the least attenuation heard, in dB, or null where it is not known} */
  public @Nullable Integer getMinimumAttenuationDb() {
    return minimumAttenuationDb;
  }

  /** {@return how the infection is known} */
  public @NotNull ReportType getReportType() {
    return reportType;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Exposure)) {
      return false;
    }
    Exposure that = (Exposure) other;
    return day == that.day && durationMillis == that.durationMillis
        && Objects.equals(minimumAttenuationDb, that.minimumAttenuationDb)
        && reportType == that.reportType;
  }

  @Override
  public int hashCode() {
    return Objects.hash(day, durationMillis, minimumAttenuationDb, reportType);
  }

  @Override
  public @NotNull String toString() {
    return "Exposure{day=" + day + ", durationMillis=" + durationMillis
        + ", minimumAttenuationDb=" + minimumAttenuationDb + ", reportType=" + reportType + "}";
  }
}
