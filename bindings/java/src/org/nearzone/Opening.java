package org.nearzone;

import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * What opening a device found wrong. Nothing, nearly always.
 */
public final class Opening {
  private final boolean repaired;
  private final boolean olderFolder;
  private final long statesLost;

  Opening(Unpacked in) {
    repaired = in.flag();
    olderFolder = in.flag();
    statesLost = in.int64();
  }

  /** {@return whether the database was damaged; what could be read was kept} */
  public boolean isRepaired() {
    return repaired;
  }

  /** {@return whether an older copy of the folder was put back} */
  public boolean isOlderFolder() {
    return olderFolder;
  }

  /** {@return how many records of own state are gone} */
  public long getStatesLost() {
    return statesLost;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Opening)) {
      return false;
    }
    Opening that = (Opening) other;
    return repaired == that.repaired && olderFolder == that.olderFolder
        && statesLost == that.statesLost;
  }

  @Override
  public int hashCode() {
    return Objects.hash(repaired, olderFolder, statesLost);
  }

  @Override
  public @NotNull String toString() {
    return "Opening{repaired=" + repaired + ", olderFolder=" + olderFolder
        + ", statesLost=" + statesLost + "}";
  }
}
