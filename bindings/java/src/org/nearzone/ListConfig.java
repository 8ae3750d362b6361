package org.nearzone;

import org.jetbrains.annotations.NotNull;

/** How lists are read. Immutable. */
public final class ListConfig {
  final byte[] packed;
  final long maxBytes;

  private ListConfig(Builder builder) {
    maxBytes = builder.maxBytes;
    packed = new Packed(Integer.BYTES + 2 * Long.BYTES)
                 .flag(builder.refuseExtraMembers)
                 .int64(builder.maxBytes)
                 .int64(builder.holdInMemory)
                 .array();
  }

  /** {@return a builder that has every option at its default} */
  public static @NotNull Builder builder() {
    return new Builder();
  }

  /** Makes a {@link ListConfig}. */
  public static final class Builder {
    private boolean refuseExtraMembers;
    private long maxBytes;
    private long holdInMemory;

    private Builder() {
      Unpacked in = new Unpacked(Native.listConfigDefaults());
      refuseExtraMembers = in.flag();
      maxBytes = in.int64();
      holdInMemory = in.int64();
    }

    /**
     * Whether a zip may hold nothing besides export.bin and export.sig.
     *
     * @param value true if it may not
     * @return this
     */
    public @NotNull Builder refuseExtraMembers(boolean value) {
      refuseExtraMembers = value;
      return this;
    }

    /**
     * How large a list may be, inflated.
     *
     * @param value in bytes
     * @return this
     */
    public @NotNull Builder maxBytes(long value) {
      maxBytes = value;
      return this;
    }

    /**
     * Up to which size an inflated list is held in memory; larger ones are inflated again for each
     * pass.
     *
     * @param value in bytes
     * @return this
     */
    public @NotNull Builder holdInMemory(long value) {
      holdInMemory = value;
      return this;
    }

    /** {@return what was chosen} */
    public @NotNull ListConfig build() {
      return new ListConfig(this);
    }
  }
}
