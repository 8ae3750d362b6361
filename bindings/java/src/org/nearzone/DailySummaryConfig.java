package org.nearzone;

import java.util.Objects;
import org.jetbrains.annotations.NotNull;

/**
 * What exposure windows amount to by the day, as Exposure Notification has it. Immutable. Weights
 * are 0 to 2.5; what is out of range is refused where it is used.
 */
public final class DailySummaryConfig {
  final byte[] packed;

  private DailySummaryConfig(Builder builder) {
    Packed out = new Packed(4 * Integer.BYTES + 14 * Double.BYTES)
                     .int32(builder.daysSinceExposureThreshold);
    for (int threshold : builder.thresholds) {
      out.int32(threshold);
    }
    for (double[] weights : builder.weights()) {
      for (double weight : weights) {
        out.float64(weight);
      }
    }
    packed = out.float64(builder.minimumWindowScore).array();
  }

  /** {@return a builder that has everything at its default} */
  public static @NotNull Builder builder() {
    return new Builder();
  }

  /** Makes a {@link DailySummaryConfig}. */
  public static final class Builder {
    private int daysSinceExposureThreshold;
    private int[] thresholds = new int[3];
    private double[] attenuationWeights = new double[4];
    private final double[] reportTypeWeights = new double[ReportType.values().length];
    private final double[] infectiousnessWeights = new double[Infectiousness.values().length];
    private double minimumWindowScore;

    private Builder() {
      Unpacked in = new Unpacked(Native.dailySummaryConfigDefaults());
      daysSinceExposureThreshold = in.int32();
      for (int i = 0; i < thresholds.length; ++i) {
        thresholds[i] = in.int32();
      }
      for (double[] weights : weights()) {
        for (int i = 0; i < weights.length; ++i) {
          weights[i] = in.float64();
        }
      }
      minimumWindowScore = in.float64();
    }

    private double[][] weights() {
      return new double[][] {attenuationWeights, reportTypeWeights, infectiousnessWeights};
    }

    /**
     * Up to which attenuations a scan is immediate, near and medium.
     *
     * @param db three, ascending, within 0 to 255
     * @return this
     * @throws IllegalArgumentException where they are not three
     */
    public @NotNull Builder attenuationThresholdsDb(int @NotNull... db) {
      if (db.length != 3) {
        throw new IllegalArgumentException("there are three thresholds");
      }
      thresholds = db.clone();
      return this;
    }

    /**
     * What time counts that was immediate, near, medium and beyond.
     *
     * @param weights four
     * @return this
     * @throws IllegalArgumentException where they are not four
     */
    public @NotNull Builder attenuationWeights(double @NotNull... weights) {
      if (weights.length != 4) {
        throw new IllegalArgumentException("there are four weights");
      }
      attenuationWeights = weights.clone();
      return this;
    }

    /**
     * What an infection counts that is known in a certain way.
     *
     * @param type how it is known
     * @param weight the weight
     * @return this
     */
    public @NotNull Builder reportTypeWeight(@NotNull ReportType type, double weight) {
      reportTypeWeights[Objects.requireNonNull(type, "type").number()] = weight;
      return this;
    }

    /**
     * What an infection counts by how infectious somebody was.
     *
     * @param infectiousness how infectious
     * @param weight the weight
     * @return this
     */
    public @NotNull Builder infectiousnessWeight(
        @NotNull Infectiousness infectiousness, double weight) {
      infectiousnessWeights[Objects.requireNonNull(infectiousness, "infectiousness").number()] =
          weight;
      return this;
    }

    /**
     * Windows that score less are dropped.
     *
     * @param value weighted seconds; 0 or more
     * @return this
     */
    public @NotNull Builder minimumWindowScore(double value) {
      minimumWindowScore = value;
      return this;
    }

    /**
     * Days that lie further back are dropped.
     *
     * @param days 0 keeps all
     * @return this
     */
    public @NotNull Builder daysSinceExposureThreshold(int days) {
      daysSinceExposureThreshold = days;
      return this;
    }

    /** {@return what was chosen} */
    public @NotNull DailySummaryConfig build() {
      return new DailySummaryConfig(this);
    }
  }
}
