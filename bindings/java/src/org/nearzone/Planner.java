package org.nearzone;

import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * Says when a phone's radio is to do what: a machine without a clock or a radio, which is told the
 * time and what happened. What it is told takes effect with the next {@link #advance}, which is due
 * at once then; it is due as well when the phone's clock was set.
 *
 * <p>Times are in milliseconds since 1970 UTC, and of a clock that counts a phone's sleep too and
 * never goes back (Android: {@code SystemClock.elapsedRealtime()}). Safe from any thread.
 */
public final class Planner implements AutoCloseable {
  /** How many bytes name a radio: an address with zeros behind it. */
  public static final int PEER_SIZE = 16;

  private final Scheme scheme;
  private final State state;

  private static final class State extends NativeHandle {
    State(Planner owner, long address) {
      super(owner, address, null);
    }

    @Override
    void free(long address) {
      Native.plannerFree(address);
    }
  }

  /**
   * One that begins now.
   *
   * @param scheme what is heard
   * @param plan what it follows
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public Planner(@NotNull Scheme scheme, @NotNull Plan plan) throws NearZoneException {
    this.scheme = scheme;
    state = new State(this, Native.plannerNew(plan.packed));
  }

  private Planner(Scheme scheme, Plan plan, long seed) throws NearZoneException {
    this.scheme = scheme;
    state = new State(this, Native.plannerNewSimulated(plan.packed, seed));
  }

  /**
   * For tests only: what is random follows from the seed.
   *
   * @param scheme what is heard
   * @param plan what it follows
   * @param seed any number
   * @return one that begins now
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public static @NotNull Planner simulated(@NotNull Scheme scheme, @NotNull Plan plan, long seed)
      throws NearZoneException {
    return new Planner(scheme, plan, seed);
  }

  /**
   * Whether the app is being looked at.
   *
   * @param app its state
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public void setState(@NotNull AppState app) throws NearZoneException {
    try (NativeHandle.Use planner = state.use()) {
      Native.plannerSetState(planner.address(), app.number());
    }
  }

  /**
   * How much is left in the battery.
   *
   * @param percent 0 to 100
   * @param charging whether it is being charged
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public void setBattery(int percent, boolean charging) throws NearZoneException {
    try (NativeHandle.Use planner = state.use()) {
      Native.plannerSetBattery(planner.address(), percent, charging);
    }
  }

  /**
   * Whether Bluetooth is on and the person wants it to be used.
   *
   * @param on whether
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public void setRadio(boolean on) throws NearZoneException {
    try (NativeHandle.Use planner = state.use()) {
      Native.plannerSetRadio(planner.address(), on);
    }
  }

  /**
   * The own keys have changed: so must the identifier, at once.
   *
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public void renew() throws NearZoneException {
    try (NativeHandle.Use planner = state.use()) {
      Native.plannerRenew(planner.address());
    }
  }

  /**
   * Somebody was heard who is to be asked.
   *
   * @param peer the radio, {@link #PEER_SIZE} bytes
   * @param rssiDbm as the radio gave it
   * @param timeMillis now
   * @param monotonicMillis now
   * @return what it said before in this slot, or {@link Finding#NOTHING}: then it is queued
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public @NotNull Heard heard(byte @NotNull[] peer, int rssiDbm, long timeMillis,
      long monotonicMillis) throws NearZoneException {
    try (NativeHandle.Use planner = state.use()) {
      return new Heard(scheme,
          Native.plannerHeard(planner.address(), peer, rssiDbm, timeMillis, monotonicMillis));
    }
  }

  /**
   * What a connection gave.
   *
   * @param peer the radio
   * @param heard what the characteristic says, which is nothing of a stranger; null where the radio
   *     could not be reached
   * @param timeMillis now
   * @param monotonicMillis now
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public void answered(byte @NotNull[] peer, @Nullable Heard heard, long timeMillis,
      long monotonicMillis) throws NearZoneException {
    try (NativeHandle.Use planner = state.use()) {
      Native.plannerAnswered(planner.address(), peer, heard == null ? new byte[0] : heard.packed,
          timeMillis, monotonicMillis);
    }
  }

  /**
   * What is to be done now.
   *
   * @param timeMillis now
   * @param monotonicMillis now
   * @return it, and when to ask again
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public @NotNull Actions advance(long timeMillis, long monotonicMillis) throws NearZoneException {
    try (NativeHandle.Use planner = state.use()) {
      return new Actions(
          new Unpacked(Native.plannerAdvance(planner.address(), timeMillis, monotonicMillis)));
    }
  }

  /** Ends it. May be called again. */
  @Override
  public void close() {
    state.close();
  }
}
