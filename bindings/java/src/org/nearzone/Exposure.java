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
  private final ExposureBand band;
  private final int nearMillis;
  private final int nearLowMillis;
  private final int nearHighMillis;
  private final int doseMillis;

  private Exposure(Unpacked in) {
    durationMillis = in.int64();
    day = in.int32();
    minimumAttenuationDb = in.known32();
    reportType = ReportType.of(in.int32());
    band = ExposureBand.of(in.int32());
    nearMillis = in.int32();
    nearLowMillis = in.int32();
    nearHighMillis = in.int32();
    doseMillis = in.int32();
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

  /** {@return how long the key was heard, near or not, in milliseconds} */
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

  /** {@return whether somebody was within two metres for a quarter of an hour} */
  public @NotNull ExposureBand getBand() {
    return band;
  }

  /**
   * The time within two metres that is expected. A statement about many cases like this one: see
   * docs/proximity.md.
   *
   * @return milliseconds, in whole tenths of a minute
   */
  public int getNearMillis() {
    return nearMillis;
  }

  /** {@return the lower end of what encloses eight cases of ten, in milliseconds} */
  public int getNearLowMillis() {
    return nearLowMillis;
  }

  /** {@return the upper end of what encloses eight cases of ten, in milliseconds} */
  public int getNearHighMillis() {
    return nearHighMillis;
  }

  /**
   * The time within two metres, weighted by how infectious that day was. It adds up over exposures.
   *
   * @return milliseconds of the most infectious day
   */
  public int getDoseMillis() {
    return doseMillis;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Exposure)) {
      return false;
    }
    Exposure that = (Exposure) other;
    return day == that.day && durationMillis == that.durationMillis
        && Objects.equals(minimumAttenuationDb, that.minimumAttenuationDb)
        && reportType == that.reportType && band == that.band && nearMillis == that.nearMillis
        && nearLowMillis == that.nearLowMillis && nearHighMillis == that.nearHighMillis
        && doseMillis == that.doseMillis;
  }

  @Override
  public int hashCode() {
    return Objects.hash(day, durationMillis, minimumAttenuationDb, reportType, band, nearMillis,
        nearLowMillis, nearHighMillis, doseMillis);
  }

  @Override
  public @NotNull String toString() {
    return "Exposure{day=" + day + ", durationMillis=" + durationMillis
        + ", minimumAttenuationDb=" + minimumAttenuationDb + ", reportType=" + reportType
        + ", band=" + band + ", nearMillis=" + nearMillis + ", nearLowMillis=" + nearLowMillis
        + ", nearHighMillis=" + nearHighMillis + ", doseMillis=" + doseMillis + "}";
  }
}
