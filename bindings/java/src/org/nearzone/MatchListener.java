package org.nearzone;

import org.jetbrains.annotations.NotNull;

/** Told how a match goes that runs in the background. Of the last two, one is called, once. */
public interface MatchListener extends ProgressListener {
  /**
   * The match is done and its exposures are stored.
   *
   * @param result what was found in this list
   */
  void onDone(@NotNull MatchResult result);

  /**
   * The match ended before it was done. What it did is kept: matching the same list again goes on
   * from there.
   *
   * @param reason a {@link NearZoneException}, of {@link ErrorCode#CANCELLED} if it was cancelled;
   *     or what an executor or the listener itself threw
   */
  void onFailed(@NotNull Exception reason);
}
