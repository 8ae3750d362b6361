package org.nearzone;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * What a day's exposure windows amount to, in seconds that are weighted by attenuation, report type
 * and infectiousness. With weights of 1 a quarter of an hour scores 900.
 */
public final class DailySummary {
  private final int day;
  private final Scores total;
  private final Map<ReportType, Scores> byReportType = new EnumMap<>(ReportType.class);

  private DailySummary(int day, Scores total) {
    this.day = day;
    this.total = total;
  }

  /**
   * Sums windows up by the day.
   *
   * @param windows as {@link Device#exposureWindows} gave them
   * @param config what counts
   * @param today the UTC day that the config's threshold counts from, in days since 1970-01-01
   * @return ascending by day; days that no window is left of are not there
   * @throws IllegalArgumentException where the config cannot be
   * @throws NearZoneException where there is no memory
   */
  public static @NotNull List<@NotNull DailySummary> of(@NotNull List<ExposureWindow> windows,
      @NotNull DailySummaryConfig config, int today) throws NearZoneException {
    byte[] scans = ExposureWindow.pack(windows);
    Unpacked in = new Unpacked(Native.dailySummaries(
        scans, scans.length / Native.WINDOW_SCAN_SIZE, config.packed, today));
    List<DailySummary> out = new ArrayList<>();
    while (in.hasMore()) {
      int day = in.int32();
      Integer type = in.known32();
      Scores scores = new Scores(in);
      if (type == null) {
        out.add(new DailySummary(day, scores));
      } else {
        out.get(out.size() - 1).byReportType.put(ReportType.of(type), scores);
      }
    }
    return out;
  }

  /** {@return the UTC day, in days since 1970-01-01} */
  public int getDay() {
    return day;
  }

  /** {@return of all windows} */
  public @NotNull Scores getTotal() {
    return total;
  }

  /**
   * Of the windows of one report type.
   *
   * @param type how the infection is known
   * @return null where nothing counted
   */
  public @Nullable Scores get(@NotNull ReportType type) {
    return byReportType.get(type);
  }

  @Override
  public @NotNull String toString() {
    return "DailySummary{day=" + day + ", total=" + total + ", byReportType=" + byReportType + "}";
  }

  /** Weighted seconds. */
  public static final class Scores {
    private final double maximum;
    private final double sum;
    private final double weightedDuration;

    private Scores(Unpacked in) {
      maximum = in.float64();
      sum = in.float64();
      weightedDuration = in.float64();
    }

    /** {@return the score of one window; of a day's total: of one report type's windows} */
    public double getMaximum() {
      return maximum;
    }

    /** {@return the sum of the windows' scores} */
    public double getSum() {
      return sum;
    }

    /** {@return seconds weighted by attenuation alone} */
    public double getWeightedDuration() {
      return weightedDuration;
    }

    @Override
    public @NotNull String toString() {
      return "Scores{maximum=" + maximum + ", sum=" + sum + ", weightedDuration="
          + weightedDuration + "}";
    }
  }
}
