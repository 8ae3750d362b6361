package org.nearzone;

import java.util.Objects;
import org.jetbrains.annotations.NotNull;

/**
 * What lists say of a key, and what exposure windows take it to mean. Immutable. By default every
 * key that is not revoked is infectious in the standard way.
 */
public final class DiagnosisKeyMapping {
  /** How far from onset a day can be told, before it and after it. */
  public static final int MOST_DAYS = 14;

  final byte[] packed;

  private DiagnosisKeyMapping(Builder builder) {
    Packed out = new Packed((3 + 2 * MOST_DAYS) * Integer.BYTES)
                     .int32(builder.reportTypeWhenMissing.number())
                     .int32(builder.whenOnsetUnknown.number());
    for (Infectiousness day : builder.byDaysSinceOnset) {
      out.int32(day.number());
    }
    packed = out.array();
  }

  /** {@return a builder that has everything at its default} */
  public static @NotNull Builder builder() {
    return new Builder();
  }

  /** Makes a {@link DiagnosisKeyMapping}. */
  public static final class Builder {
    private ReportType reportTypeWhenMissing;
    private Infectiousness whenOnsetUnknown;
    private final Infectiousness[] byDaysSinceOnset = new Infectiousness[2 * MOST_DAYS + 1];

    private Builder() {
      Unpacked in = new Unpacked(Native.diagnosisKeyMappingDefaults());
      reportTypeWhenMissing = ReportType.of(in.int32());
      whenOnsetUnknown = Infectiousness.of(in.int32());
      for (int i = 0; i < byDaysSinceOnset.length; ++i) {
        byDaysSinceOnset[i] = Infectiousness.of(in.int32());
      }
    }

    /**
     * How an infection is known of which the list does not say it.
     *
     * @param value not {@link ReportType#UNKNOWN}
     * @return this
     */
    public @NotNull Builder reportTypeWhenMissing(@NotNull ReportType value) {
      reportTypeWhenMissing = Objects.requireNonNull(value, "value");
      return this;
    }

    /**
     * How infectious somebody was of whose onset the list says nothing, or that lies further away
     * than {@link #MOST_DAYS}.
     *
     * @param value the infectiousness
     * @return this
     */
    public @NotNull Builder whenOnsetUnknown(@NotNull Infectiousness value) {
      whenOnsetUnknown = Objects.requireNonNull(value, "value");
      return this;
    }

    /**
     * How infectious somebody was on a day.
     *
     * @param daysSinceOnset -14 to 14
     * @param value the infectiousness
     * @return this
     * @throws IllegalArgumentException where the day is another
     */
    public @NotNull Builder infectiousness(int daysSinceOnset, @NotNull Infectiousness value) {
      if (daysSinceOnset < -MOST_DAYS || daysSinceOnset > MOST_DAYS) {
        throw new IllegalArgumentException("daysSinceOnset must be -14 to 14");
      }
      byDaysSinceOnset[daysSinceOnset + MOST_DAYS] = Objects.requireNonNull(value, "value");
      return this;
    }

    /** {@return what was chosen} */
    public @NotNull DiagnosisKeyMapping build() {
      return new DiagnosisKeyMapping(this);
    }
  }
}
