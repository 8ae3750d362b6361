package org.nearzone;

import java.nio.charset.StandardCharsets;
import org.jetbrains.annotations.NotNull;

/** The library itself. */
public final class NearZone {
  private NearZone() {}

  /** {@return the version of the native library, such as "0.1.0"} */
  public static @NotNull String version() {
    return new String(Native.version(), StandardCharsets.US_ASCII);
  }
}
