package org.nearzone;

import java.util.Objects;
import org.jetbrains.annotations.NotNull;

/** How lists are matched. Immutable. */
public final class MatchConfig {
  final byte[] packed;

  private MatchConfig(Builder builder) {
    packed = new Packed(2 * Integer.BYTES)
                 .int32(builder.bluezoneWindows.number())
                 .flag(builder.acceptUnverifiedLists)
                 .array();
  }

  /** {@return a builder that has every option at its default} */
  public static @NotNull Builder builder() {
    return new Builder();
  }

  /** Makes a {@link MatchConfig}. */
  public static final class Builder {
    private BluezoneWindows bluezoneWindows;
    private boolean acceptUnverifiedLists;

    private Builder() {
      Unpacked in = new Unpacked(Native.matchConfigDefaults());
      bluezoneWindows = BluezoneWindows.of(in.int32());
      acceptUnverifiedLists = in.flag();
    }

    /**
     * How the times of Bluezone's identifiers are read.
     *
     * @param value the reading
     * @return this
     */
    public @NotNull Builder bluezoneWindows(@NotNull BluezoneWindows value) {
      bluezoneWindows = Objects.requireNonNull(value, "value");
      return this;
    }

    /**
     * Whether lists are used that nobody vouches for.
     *
     * @param value true for tests, and for Bluezone's unsigned lists
     * @return this
     */
    public @NotNull Builder acceptUnverifiedLists(boolean value) {
      acceptUnverifiedLists = value;
      return this;
    }

    /** {@return what was chosen} */
    public @NotNull MatchConfig build() {
      return new MatchConfig(this);
    }
  }
}
