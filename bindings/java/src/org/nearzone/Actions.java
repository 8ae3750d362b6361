package org.nearzone;

import java.util.Collections;
import java.util.List;
import org.jetbrains.annotations.NotNull;

/**
 * What is to be done now, and when to ask again.
 */
public final class Actions {
  private final long pauseMillis;
  private final List<Action> actions;

  Actions(Unpacked in) {
    pauseMillis = in.int64();
    actions = Collections.unmodifiableList(Action.unpack(in));
  }

  /** {@return in this order} */
  public @NotNull List<Action> getActions() {
    return actions;
  }

  /** {@return after how long at most the planner is to be asked again} */
  public long getPauseMillis() {
    return pauseMillis;
  }
}
