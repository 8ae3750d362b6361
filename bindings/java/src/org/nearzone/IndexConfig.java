package org.nearzone;

import java.util.Objects;
import org.jetbrains.annotations.NotNull;

/** Which index is followed, and how. Immutable. */
public final class IndexConfig {
  final byte[] path;
  final byte[] suffix;
  final long gapMillis;
  final long mostListBytes;

  private IndexConfig(Builder builder) {
    path = Packed.text(builder.path);
    suffix = Packed.text(builder.suffix);
    gapMillis = builder.gapMillis;
    mostListBytes = builder.mostListBytes;
  }

  /** {@return a builder that has every option at its default} */
  public static @NotNull Builder builder() {
    return new Builder();
  }

  /** Makes an {@link IndexConfig}. */
  public static final class Builder {
    private String path;
    private String suffix;
    private long gapMillis;
    private long mostListBytes;

    private Builder() {
      Unpacked in = new Unpacked(Native.indexConfigDefaults());
      path = in.text();
      suffix = in.text();
      gapMillis = in.int64();
      mostListBytes = in.int64();
    }

    /**
     * Where the index is.
     *
     * @param value relative to the base URL
     * @return this
     */
    public @NotNull Builder path(@NotNull String value) {
      path = Objects.requireNonNull(value, "value");
      return this;
    }

    /**
     * How the names of the lists end that are wanted; others are passed over.
     *
     * @param value such as ".zip"
     * @return this
     */
    public @NotNull Builder suffix(@NotNull String value) {
      suffix = Objects.requireNonNull(value, "value");
      return this;
    }

    /**
     * The time between two looks at the index.
     *
     * @param value five minutes to seven days
     * @return this
     */
    public @NotNull Builder gapMillis(long value) {
      gapMillis = value;
      return this;
    }

    /**
     * How large a list may be.
     *
     * @param value in bytes
     * @return this
     */
    public @NotNull Builder mostListBytes(long value) {
      mostListBytes = value;
      return this;
    }

    /** {@return what was chosen} */
    public @NotNull IndexConfig build() {
      return new IndexConfig(this);
    }
  }
}
