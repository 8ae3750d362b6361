package org.nearzone;

import java.util.Objects;
import org.jetbrains.annotations.NotNull;

/** For whom an app uploads, and how much cover traffic it sends. Immutable. */
public final class UploadConfig {
  final byte[] healthAuthority;
  final long chaffGapMillis;

  private UploadConfig(Builder builder) {
    healthAuthority = Packed.text(builder.healthAuthority);
    chaffGapMillis = builder.chaffGapMillis;
  }

  /**
   * A builder that has every other option at its default.
   *
   * @param healthAuthority the app's name at the key server, such as "org.example.app"
   * @return the builder
   */
  public static @NotNull Builder builder(@NotNull String healthAuthority) {
    return new Builder(Objects.requireNonNull(healthAuthority, "healthAuthority"));
  }

  /** Makes an {@link UploadConfig}. */
  public static final class Builder {
    private final String healthAuthority;
    private long chaffGapMillis = Native.uploadDefaultChaffGap();

    private Builder(String healthAuthority) {
      this.healthAuthority = healthAuthority;
    }

    /**
     * Mean time between two rounds of cover traffic.
     *
     * @param value an hour to 30 days; 0 sends none
     * @return this
     */
    public @NotNull Builder chaffGapMillis(long value) {
      chaffGapMillis = value;
      return this;
    }

    /** {@return what was chosen} */
    public @NotNull UploadConfig build() {
      return new UploadConfig(this);
    }
  }
}
