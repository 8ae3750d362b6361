package org.nearzone;

import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * Where an upload stands, for the person to see. Holds no key, code or token.
 */
public final class UploadStatus {
  private final UploadState state;
  private final UploadProblem problem;
  private final boolean partlyRefused;
  private final ReportType reportType;
  private final int keys;
  private final int keysInserted;
  private final long consentedAtMillis;
  private final long wakeAtMillis;

  UploadStatus(Unpacked in) {
    state = UploadState.of(in.int32());
    problem = UploadProblem.of(in.int32());
    partlyRefused = in.flag();
    reportType = ReportType.of(in.int32());
    keys = in.int32();
    keysInserted = in.int32();
    consentedAtMillis = in.int64();
    wakeAtMillis = in.int64();
  }

  /** {@return where it stands} */
  public @NotNull UploadState getState() {
    return state;
  }

  /** {@return why the last answer was not what it should be} */
  public @NotNull UploadProblem getProblem() {
    return problem;
  }

  /** {@return whether the server did not take all keys} */
  public boolean isPartlyRefused() {
    return partlyRefused;
  }

  /** {@return what the code stands for, once it is verified} */
  public @NotNull ReportType getReportType() {
    return reportType;
  }

  /** {@return how many keys it has} */
  public int getKeys() {
    return keys;
  }

  /** {@return how many of them were new to the server} */
  public int getKeysInserted() {
    return keysInserted;
  }

  /** {@return when the person consented} */
  public long getConsentedAtMillis() {
    return consentedAtMillis;
  }

  /** {@return when the next request may be made} */
  public long getWakeAtMillis() {
    return wakeAtMillis;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof UploadStatus)) {
      return false;
    }
    UploadStatus that = (UploadStatus) other;
    return state == that.state && problem == that.problem && partlyRefused == that.partlyRefused && reportType == that.reportType && keys == that.keys && keysInserted == that.keysInserted && consentedAtMillis == that.consentedAtMillis && wakeAtMillis == that.wakeAtMillis;
  }

  @Override
  public int hashCode() {
    return Objects.hash(state, problem, partlyRefused, reportType, keys, keysInserted, consentedAtMillis, wakeAtMillis);
  }

  @Override
  public @NotNull String toString() {
    return "UploadStatus{state=" + state + ", problem=" + problem + ", partlyRefused=" + partlyRefused + ", reportType=" + reportType + ", keys=" + keys + ", keysInserted=" + keysInserted + ", consentedAtMillis=" + consentedAtMillis + ", wakeAtMillis=" + wakeAtMillis + "}";
  }
}
