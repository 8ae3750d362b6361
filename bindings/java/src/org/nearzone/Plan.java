package org.nearzone;

import org.jetbrains.annotations.NotNull;

/**
 * What a radio does all day.
 */
public final class Plan {
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
