package org.nearzone;

import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * What is known of a phone model. Attenuation is what the sender sent less what was received, and
 * models differ in both by tens of decibels. Immutable.
 *
 * <pre>{@code
 * Calibration known = Calibration.lookUp(table, Build.MANUFACTURER, Build.DEVICE, Build.MODEL);
 * DeviceConfig config = DeviceConfig.builder().calibration(known).build();
 * }</pre>
 */
public final class Calibration {
  private final int rssiCorrectionDb;
  private final int transmitPowerDbm;
  private final int confidence;
  private final CalibrationSource source;

  private Calibration(Unpacked in) {
    rssiCorrectionDb = in.int32();
    transmitPowerDbm = in.int32();
    confidence = in.int32();
    source = CalibrationSource.of(in.int32());
  }

  /**
   * Looks a phone up in a table that {@code nearzone calibration import} wrote.
   *
   * @param table the file's bytes
   * @param maker as Android's {@code Build.MANUFACTURER}, or empty where it is not known
   * @param device as {@code Build.DEVICE}, or empty
   * @param model as {@code Build.MODEL}, or empty
   * @return what is known, and how well
   * @throws NearZoneException with {@link ErrorCode#CORRUPT}, and the offset, on a table that is
   *     damaged; with {@link ErrorCode#NEWER_FORMAT}
   */
  public static @NotNull Calibration lookUp(byte @NotNull[] table, @NotNull String maker,
      @NotNull String device, @NotNull String model) throws NearZoneException {
    return new Calibration(new Unpacked(Native.lookUpCalibration(
        table, Packed.text(maker), Packed.text(device), Packed.text(model))));
  }

  /** {@return what to add to the model's RSSI, in dB} */
  public int getRssiCorrectionDb() {
    return rssiCorrectionDb;
  }

  /** {@return the power that the model's advertisements should state, in dBm} */
  public int getTransmitPowerDbm() {
    return transmitPowerDbm;
  }

  /**
   * {@return 3 where this model was measured, 2 a similar one, 1 the maker's average, 0 the fleet's}
   */
  public int getConfidence() {
    return confidence;
  }

  /** {@return how it was come by} */
  public @NotNull CalibrationSource getSource() {
    return source;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Calibration)) {
      return false;
    }
    Calibration that = (Calibration) other;
    return rssiCorrectionDb == that.rssiCorrectionDb && transmitPowerDbm == that.transmitPowerDbm
        && confidence == that.confidence && source == that.source;
  }

  @Override
  public int hashCode() {
    return ((rssiCorrectionDb * 31 + transmitPowerDbm) * 31 + confidence) * 31 + source.number();
  }

  @Override
  public @NotNull String toString() {
    return "Calibration{rssiCorrectionDb=" + rssiCorrectionDb + ", transmitPowerDbm="
        + transmitPowerDbm + ", confidence=" + confidence + ", source=" + source + "}";
  }
}
