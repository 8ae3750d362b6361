package org.nearzone;

import org.jetbrains.annotations.NotNull;

/**
 * What an app may do on a phone's system, and the rule that decides it.
 */
public final class Answer {
  private final Ability ability;
  private final int note;
  private final String reason;

  Answer(Unpacked in) {
    ability = Ability.of(in.int32());
    note = in.int32();
    reason = in.text();
  }

  /** {@return whether it may} */
  public @NotNull Ability getAbility() {
    return ability;
  }

  /** {@return the number of the note in docs/beacon.md; 0 where none is needed} */
  public int getNote() {
    return note;
  }

  /** {@return the note in one sentence} */
  public @NotNull String getReason() {
    return reason;
  }

  @Override
  public @NotNull String toString() {
    return "Answer{ability=" + ability + ", note=" + note + "}";
  }
}
