package org.nearzone;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.annotations.NotNull;

/**
 * What a {@link Planner} says is to be done.
 */
public final class Action {
  private final long lastsMillis;
  private final ActionKind kind;
  private final byte[] peer;

  private Action(Unpacked in) {
    lastsMillis = in.int64();
    kind = ActionKind.of(in.int32());
    in.skip(4);
    peer = in.bytes(Planner.PEER_SIZE);
  }

  static List<Action> unpack(Unpacked in) {
    List<Action> actions = new ArrayList<>();
    while (in.hasMore()) {
      actions.add(new Action(in));
    }
    return actions;
  }

  /** {@return what} */
  public @NotNull ActionKind getKind() {
    return kind;
  }

  /** {@return of advertising, scanning and connecting, for how long at most} */
  public long getLastsMillis() {
    return lastsMillis;
  }

  /** {@return of connecting and disconnecting, with whom: {@link Planner#PEER_SIZE} bytes} */
  public byte @NotNull[] getPeer() {
    return peer.clone();
  }

  @Override
  public @NotNull String toString() {
    return "Action{kind=" + kind + ", lastsMillis=" + lastsMillis + "}";
  }
}
