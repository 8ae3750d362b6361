package org.nearzone;

import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * A flag that long work polls; once set, the work ends within milliseconds with
 * {@link ErrorCode#CANCELLED}. It stays set, and may be given to several pieces of work. Safe from
 * any thread.
 */
public final class Cancellation implements AutoCloseable {
  private final State state;
  private volatile boolean requested;

  private static final class State extends NativeHandle {
    State(Cancellation owner, long address) {
      super(owner, address, null);
    }

    @Override
    void free(long address) {
      Native.cancelFree(address);
    }
  }

  /** A flag that is not set. */
  public Cancellation() {
    state = new State(this, Native.cancelNew());
  }

  /** Asks the work to end. Does nothing once the flag is closed. */
  public void cancel() {
    requested = true;
    try (NativeHandle.Use flag = state.use()) {
      Native.cancelRequest(flag.address());
    } catch (IllegalStateException closed) {
      // Then the work has ended, or cannot be asked any more.
    }
  }

  /** {@return whether the work was asked to end} */
  public boolean isCancelled() {
    return requested;
  }

  /** Lets go of the flag. Work that has it goes on, and cannot be cancelled any more. */
  @Override
  public void close() {
    state.close();
  }

  static NativeHandle.Use use(@Nullable Cancellation cancellation) {
    return NativeHandle.use(cancellation == null ? null : cancellation.state);
  }

  @Override
  public @NotNull String toString() {
    return "Cancellation{cancelled=" + requested + "}";
  }
}
