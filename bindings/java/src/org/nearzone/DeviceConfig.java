package org.nearzone;

import java.util.Objects;
import org.jetbrains.annotations.NotNull;

/** What a phone sends, how its radio measures, and how its log is kept. Immutable. */
public final class DeviceConfig {
  final byte[] packed;

  private DeviceConfig(Builder builder) {
    packed = new Packed(8 * Integer.BYTES + 2 * Long.BYTES)
                 .int32(builder.ownScheme.number())
                 .int32(builder.transmitPowerDbm)
                 .int32(builder.rssiCorrectionDb)
                 .int32(builder.assumedTransmitPowerDbm)
                 .int32(builder.retentionDays)
                 .int32(builder.durability.number())
                 .int32(builder.deduplication.number())
                 .int64(builder.byteBudget)
                 .int64(builder.leastCounter)
                 .int32(builder.calibrationConfidence)
                 .array();
  }

  /** {@return a builder that has every option at its default} */
  public static @NotNull Builder builder() {
    return new Builder();
  }

  /** Makes a {@link DeviceConfig}. */
  public static final class Builder {
    private Scheme ownScheme;
    private int transmitPowerDbm;
    private int rssiCorrectionDb;
    private int assumedTransmitPowerDbm;
    private int retentionDays;
    private Durability durability;
    private Deduplication deduplication;
    private long byteBudget;
    private long leastCounter;
    private int calibrationConfidence;

    private Builder() {
      Unpacked in = new Unpacked(Native.deviceConfigDefaults());
      ownScheme = Scheme.of(in.int32());
      transmitPowerDbm = in.int32();
      rssiCorrectionDb = in.int32();
      assumedTransmitPowerDbm = in.int32();
      retentionDays = in.int32();
      durability = Durability.of(in.int32());
      deduplication = Deduplication.of(in.int32());
      byteBudget = in.int64();
      leastCounter = in.int64();
      calibrationConfidence = in.int32();
    }

    /**
     * What this phone sends. It hears all schemes.
     *
     * @param value the scheme
     * @return this
     */
    public @NotNull Builder ownScheme(@NotNull Scheme value) {
      ownScheme = Objects.requireNonNull(value, "value");
      return this;
    }

    /**
     * The transmit power of this phone model.
     *
     * @param value in dBm
     * @return this
     */
    public @NotNull Builder transmitPowerDbm(int value) {
      transmitPowerDbm = value;
      return this;
    }

    /**
     * How well that power is known.
     *
     * @param value 0 to 3, as {@link Calibration#getConfidence} has it
     * @return this
     */
    public @NotNull Builder calibrationConfidence(int value) {
      calibrationConfidence = value;
      return this;
    }

    /**
     * What a table knows of this phone model: its power, how well that is known, and its correction.
     *
     * @param value what was looked up
     * @return this
     */
    public @NotNull Builder calibration(@NotNull Calibration value) {
      return transmitPowerDbm(value.getTransmitPowerDbm())
          .calibrationConfidence(value.getConfidence())
          .rssiCorrectionDb(value.getRssiCorrectionDb());
    }

    /**
     * What to add to this phone model's RSSI.
     *
     * @param value in dB
     * @return this
     */
    public @NotNull Builder rssiCorrectionDb(int value) {
      rssiCorrectionDb = value;
      return this;
    }

    /**
     * The transmit power of senders that do not state theirs.
     *
     * @param value in dBm
     * @return this
     */
    public @NotNull Builder assumedTransmitPowerDbm(int value) {
      assumedTransmitPowerDbm = value;
      return this;
    }

    /**
     * For how long sightings are kept.
     *
     * @param value 1 to 30 days
     * @return this
     */
    public @NotNull Builder retentionDays(int value) {
      retentionDays = value;
      return this;
    }

    /**
     * What recorded scans survive.
     *
     * @param value the choice
     * @return this
     */
    public @NotNull Builder durability(@NotNull Durability value) {
      durability = Objects.requireNonNull(value, "value");
      return this;
    }

    /**
     * Which sightings of an identifier that is heard again and again are kept.
     *
     * @param value the choice
     * @return this
     */
    public @NotNull Builder deduplication(@NotNull Deduplication value) {
      deduplication = Objects.requireNonNull(value, "value");
      return this;
    }

    /**
     * How large the log may become: then the oldest days go, never today.
     *
     * @param value in bytes, at least 1 MiB
     * @return this
     */
    public @NotNull Builder byteBudget(long value) {
      byteBudget = value;
      return this;
    }

    /**
     * The highest {@link Device#counter} that the phone's key store has seen, so that an older
     * folder put back is noticed.
     *
     * @param value the counter, or 0
     * @return this
     */
    public @NotNull Builder leastCounter(long value) {
      leastCounter = value;
      return this;
    }

    /** {@return what was chosen} */
    public @NotNull DeviceConfig build() {
      return new DeviceConfig(this);
    }
  }
}
