package org.nearzone;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * At most thirty minutes of one key, scan by scan, as Exposure Notification has them. It says
 * neither which key nor when on that day.
 */
public final class ExposureWindow {
  private final int day;
  private final ReportType reportType;
  private final Infectiousness infectiousness;
  private final int calibrationConfidence;
  private final List<ScanInstance> scans = new ArrayList<>();

  private ExposureWindow(Unpacked in) {
    day = in.int32();
    reportType = ReportType.of(in.int32());
    infectiousness = Infectiousness.of(in.int32());
    calibrationConfidence = in.int32();
  }

  /** A row a scan: those of the same window follow each other, with what is said of it. */
  static List<ExposureWindow> unpack(byte[] packed) {
    Unpacked in = new Unpacked(packed);
    List<ExposureWindow> out = new ArrayList<>();
    for (int last = -1; in.hasMore();) {
      int number = in.int32();
      ExposureWindow said = new ExposureWindow(in);
      if (number != last) {
        out.add(said);
      }
      out.get(out.size() - 1).scans.add(new ScanInstance(in));
      last = number;
    }
    return out;
  }

  static byte[] pack(List<ExposureWindow> windows) {
    int rows = 0;
    for (ExposureWindow window : windows) {
      rows += window.scans.size();
    }
    Packed out = new Packed(Math.multiplyExact(rows, Native.WINDOW_SCAN_SIZE));
    int number = 0;
    for (ExposureWindow window : windows) {
      for (ScanInstance scan : window.scans) {
        out.int32(number)
            .int32(window.day)
            .int32(window.reportType.number())
            .int32(window.infectiousness.number())
            .int32(window.calibrationConfidence);
        scan.pack(out);
      }
      ++number;
    }
    return out.array();
  }

  /** {@return the UTC day of its first sighting, in days since 1970-01-01} */
  public int getDay() {
    return day;
  }

  /** {@return how the infection is known} */
  public @NotNull ReportType getReportType() {
    return reportType;
  }

  /** {@return how infectious the key's owner is taken to have been} */
  public @NotNull Infectiousness getInfectiousness() {
    return infectiousness;
  }

  /** {@return 0 to 3, how well the sender's transmit power is known} */
  public int getCalibrationConfidence() {
    return calibrationConfidence;
  }

  /** {@return at least one, in the order of time; unmodifiable} */
  public @NotNull List<@NotNull ScanInstance> getScans() {
    return Collections.unmodifiableList(scans);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof ExposureWindow)) {
      return false;
    }
    ExposureWindow that = (ExposureWindow) other;
    return day == that.day && reportType == that.reportType
        && infectiousness == that.infectiousness
        && calibrationConfidence == that.calibrationConfidence && scans.equals(that.scans);
  }

  @Override
  public int hashCode() {
    return Objects.hash(day, reportType, infectiousness, calibrationConfidence, scans);
  }

  @Override
  public @NotNull String toString() {
    return "ExposureWindow{day=" + day + ", reportType=" + reportType + ", infectiousness="
        + infectiousness + ", calibrationConfidence=" + calibrationConfidence + ", scans=" + scans
        + "}";
  }
}
