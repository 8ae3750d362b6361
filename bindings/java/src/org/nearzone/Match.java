package org.nearzone;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * A list being matched, in pieces that the caller decides on. What was done is kept, sealed, in the
 * device's log: a match that is stopped at any point, even by the end of the process, goes on where
 * it was saved last when the same list is matched again. Safe from any thread.
 */
public final class Match implements AutoCloseable {
  /** Keys a step: some milliseconds of work, so that progress is seen and recording goes on. */
  private static final long STEP = 1 << 14;

  private final State state;

  private static final class State extends NativeHandle {
    State(Match owner, long address, @Nullable Object borrowed) {
      super(owner, address, borrowed);
    }

    @Override
    void free(long address) {
      Native.matchFree(address);
    }
  }

  Match(long address, @Nullable Object borrowed) {
    state = new State(this, address, borrowed);
  }

  /**
   * Matches some more of the list. Saves by itself every 2^18 keys.
   *
   * @param mostKeys how many keys at most, at least 1
   * @return true where there may be more to do; false when the exposures are stored
   * @throws NearZoneException with {@link ErrorCode#CANCELLED}, after which it can be saved; with
   *     {@link ErrorCode#CLOSED} where the device is suspended; or as the log and the list do
   */
  public boolean step(long mostKeys) throws NearZoneException {
    if (mostKeys <= 0) {
      throw new IllegalArgumentException("mostKeys is not positive");
    }
    try (NativeHandle.Use match = state.use()) {
      return Native.matchStep(match.address(), mostKeys);
    }
  }

  /**
   * Keeps what was done so far.
   *
   * @throws NearZoneException as the log does
   */
  public void save() throws NearZoneException {
    try (NativeHandle.Use match = state.use()) {
      Native.matchSave(match.address());
    }
  }

  /**
   * How far it is.
   *
   * @return the report
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public @NotNull MatchReport report() throws NearZoneException {
    try (NativeHandle.Use match = state.use()) {
      return new MatchReport(new Unpacked(Native.matchReport(match.address())));
    }
  }

  /**
   * The exposures found in this list.
   *
   * @return ascending by day; none until the match is done
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public @NotNull List<Exposure> exposures() throws NearZoneException {
    try (NativeHandle.Use match = state.use()) {
      return Exposure.unpack(Native.matchExposures(match.address()));
    }
  }

  /**
   * Matches all of the list in this thread. Cancelled, it saves what was done.
   *
   * @param progress told after every piece, in this thread, or null
   * @return what was found
   * @throws NearZoneException as {@link #step}
   */
  public @NotNull MatchResult finish(@Nullable ProgressListener progress) throws NearZoneException {
    while (advance()) {
      if (progress != null) {
        MatchReport report = report();
        progress.onProgress(report.getKeysTried(), report.getKeysInList());
      }
    }
    return new MatchResult(report(), exposures());
  }

  /**
   * Matches all of the list in the background, and closes the match at its end. Each piece is a
   * task of its own, so that an executor that has one thread gets to other work in between.
   * Cancelled, it saves what was done.
   *
   * @param work where the pieces run
   * @param callbacks where the listener is called, such as the executor of the main thread
   * @param listener told how it goes
   */
  public void run(
      @NotNull Executor work, @NotNull Executor callbacks, @NotNull MatchListener listener) {
    Objects.requireNonNull(callbacks, "callbacks");
    Objects.requireNonNull(listener, "listener");
    work.execute(new Runnable() {
      @Override
      public void run() {
        try {
          boolean more = advance();
          MatchReport report = report();
          if (more) {
            callbacks.execute(
                () -> listener.onProgress(report.getKeysTried(), report.getKeysInList()));
            work.execute(this);
            return;
          }
          MatchResult result = new MatchResult(report, exposures());
          close();
          callbacks.execute(() -> listener.onDone(result));
        } catch (NearZoneException | RuntimeException reason) {
          close();
          callbacks.execute(() -> listener.onFailed(reason));
        } catch (Error fatal) {
          close();
          throw fatal;
        }
      }
    });
  }

  private boolean advance() throws NearZoneException {
    try {
      return step(STEP);
    } catch (NearZoneException reason) {
      if (reason.getCode() == ErrorCode.CANCELLED) {
        save();
      }
      throw reason;
    }
  }

  /** Lets go of it; what was saved is kept. May be called again. */
  @Override
  public void close() {
    state.close();
  }
}
