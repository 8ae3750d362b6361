package org.nearzone;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jetbrains.annotations.NotNull;

/**
 * What a radio does all day. Immutable.
 *
 * <pre>{@code
 * Plan plan = Plan.of(Scheme.GAEN, PhoneSystem.ANDROID)
 *     .withScanning(AppState.BACKGROUND, 4_000, 236_000, 236_000);
 * }</pre>
 */
public final class Plan {
  // Packed: two percentages; then the slot, the least and the most rotation; then for advertising
  // and for scanning how long it is on, the least and the most pause, each of both states.
  private static final int ROTATION = 2 * Integer.BYTES;
  private static final int ADVERTISING = ROTATION + 3 * Long.BYTES;
  private static final int SCANNING = ADVERTISING + 6 * Long.BYTES;

  final byte[] packed;

  private Plan(byte[] packed) {
    this.packed = packed;
  }

  /**
   * The plan of a scheme on a phone's system.
   *
   * @param scheme what is sent
   * @param system where
   * @return the plan
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public static @NotNull Plan of(@NotNull Scheme scheme, @NotNull PhoneSystem system)
      throws NearZoneException {
    return new Plan(Native.planOf(scheme.number(), system.number()));
  }

  private interface Change {
    void in(ByteBuffer plan);
  }

  private Plan with(Change change) throws NearZoneException {
    ByteBuffer copy = ByteBuffer.wrap(packed.clone()).order(ByteOrder.nativeOrder());
    change.in(copy);
    Plan plan = new Plan(copy.array());
    plan.advertisingSecondsADay(AppState.FOREGROUND, Power.FULL);  // throws where it cannot be
    return plan;
  }

  private Plan withCycle(int offset, AppState state, long onMillis, long leastPauseMillis,
      long mostPauseMillis) throws NearZoneException {
    int at = offset + (state == AppState.BACKGROUND ? Long.BYTES : 0);
    return with(plan
        -> plan.putLong(at, onMillis)
               .putLong(at + 2 * Long.BYTES, leastPauseMillis)
               .putLong(at + 4 * Long.BYTES, mostPauseMillis));
  }

  /**
   * With another duty cycle of sending: on, then off for a random time, and so on.
   *
   * @param state the app's
   * @param onMillis how long it is on, more than 0
   * @param leastPauseMillis the shortest pause
   * @param mostPauseMillis the longest; 0: it is always on, in pieces of onMillis
   * @return the same with it
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   * @throws IllegalArgumentException where no planner could follow it
   */
  public @NotNull Plan withAdvertising(@NotNull AppState state, long onMillis,
      long leastPauseMillis, long mostPauseMillis) throws NearZoneException {
    return withCycle(ADVERTISING, state, onMillis, leastPauseMillis, mostPauseMillis);
  }

  /**
   * With another duty cycle of listening.
   *
   * @param state the app's
   * @param onMillis how long it is on, more than 0
   * @param leastPauseMillis the shortest pause
   * @param mostPauseMillis the longest; 0: it is always on, in pieces of onMillis
   * @return the same with it
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   * @throws IllegalArgumentException where no planner could follow it
   */
  public @NotNull Plan withScanning(@NotNull AppState state, long onMillis, long leastPauseMillis,
      long mostPauseMillis) throws NearZoneException {
    return withCycle(SCANNING, state, onMillis, leastPauseMillis, mostPauseMillis);
  }

  /**
   * With identifiers that change at the borders of slots, counted from UTC midnight.
   *
   * @param slotMillis how long a slot is
   * @return the same with it
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   * @throws IllegalArgumentException where no planner could follow it
   */
  public @NotNull Plan withSlots(long slotMillis) throws NearZoneException {
    return with(plan
        -> plan.putLong(ROTATION, slotMillis)
               .putLong(ROTATION + Long.BYTES, 0)
               .putLong(ROTATION + 2 * Long.BYTES, 0));
  }

  /**
   * With identifiers that change after a random time.
   *
   * @param leastMillis the shortest
   * @param mostMillis the longest
   * @return the same with it
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   * @throws IllegalArgumentException where no planner could follow it
   */
  public @NotNull Plan withRandomRotation(long leastMillis, long mostMillis)
      throws NearZoneException {
    return with(plan
        -> plan.putLong(ROTATION, 0)
               .putLong(ROTATION + Long.BYTES, leastMillis)
               .putLong(ROTATION + 2 * Long.BYTES, mostMillis));
  }

  /**
   * With other limits of the battery, below which it listens half as often, and not at all.
   *
   * @param lowPercent 0 to 100
   * @param criticalPercent 0 to lowPercent
   * @return the same with it
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   * @throws IllegalArgumentException where no planner could follow it
   */
  public @NotNull Plan withBattery(int lowPercent, int criticalPercent) throws NearZoneException {
    return with(plan -> plan.putInt(0, lowPercent).putInt(Integer.BYTES, criticalPercent));
  }

  /**
   * For how many seconds of a day it sends.
   *
   * @param state the app's
   * @param power the battery's
   * @return the seconds
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public long advertisingSecondsADay(@NotNull AppState state, @NotNull Power power)
      throws NearZoneException {
    return new Unpacked(Native.planSecondsADay(packed, state.number(), power.number())).int64();
  }

  /**
   * For how many seconds of a day it listens.
   *
   * @param state the app's
   * @param power the battery's
   * @return the seconds
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public long scanningSecondsADay(@NotNull AppState state, @NotNull Power power)
      throws NearZoneException {
    Unpacked in = new Unpacked(Native.planSecondsADay(packed, state.number(), power.number()));
    in.skip(8);
    return in.int64();
  }
}
