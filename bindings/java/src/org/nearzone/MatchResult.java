package org.nearzone;

import java.util.List;
import org.jetbrains.annotations.NotNull;

/** What came of matching a list. */
public final class MatchResult {
  private final MatchReport report;
  private final List<Exposure> exposures;

  MatchResult(MatchReport report, List<Exposure> exposures) {
    this.report = report;
    this.exposures = exposures;
  }

  /** {@return how the match went} */
  public @NotNull MatchReport getReport() {
    return report;
  }

  /** {@return the exposures found in this list, ascending by day} */
  public @NotNull List<Exposure> getExposures() {
    return exposures;
  }

  @Override
  public @NotNull String toString() {
    return "MatchResult{report=" + report + ", exposures=" + exposures + "}";
  }
}
