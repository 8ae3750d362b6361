package org.nearzone;

import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/** What one scan heard of a key. */
public final class ScanInstance {
  private final int typicalAttenuationDb;
  private final int minimumAttenuationDb;
  private final int sinceLastScanMillis;

  ScanInstance(Unpacked in) {
    typicalAttenuationDb = in.int32();
    minimumAttenuationDb = in.int32();
    sinceLastScanMillis = in.int32();
  }

  Packed pack(Packed out) {
    return out.int32(typicalAttenuationDb).int32(minimumAttenuationDb).int32(sinceLastScanMillis);
  }

  /** {@return the mean attenuation, in dB} */
  public int getTypicalAttenuationDb() {
    return typicalAttenuationDb;
  }

  /** {@return the least attenuation, in dB} */
  public int getMinimumAttenuationDb() {
    return minimumAttenuationDb;
  }

  /** {@return whole minutes since the scan before, five at most, perhaps none, in milliseconds} */
  public int getSinceLastScanMillis() {
    return sinceLastScanMillis;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof ScanInstance)) {
      return false;
    }
    ScanInstance that = (ScanInstance) other;
    return typicalAttenuationDb == that.typicalAttenuationDb
        && minimumAttenuationDb == that.minimumAttenuationDb
        && sinceLastScanMillis == that.sinceLastScanMillis;
  }

  @Override
  public int hashCode() {
    return (typicalAttenuationDb * 31 + minimumAttenuationDb) * 31 + sinceLastScanMillis;
  }

  @Override
  public @NotNull String toString() {
    return "ScanInstance{typicalAttenuationDb=" + typicalAttenuationDb + ", minimumAttenuationDb="
        + minimumAttenuationDb + ", sinceLastScanMillis=" + sinceLastScanMillis + "}";
  }
}
