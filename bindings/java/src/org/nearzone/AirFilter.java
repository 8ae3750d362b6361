package org.nearzone;

import java.util.Arrays;
import java.util.UUID;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * What to let a scan through for: advertisements that name a service, or those with a company's
 * data.
 */
public final class AirFilter {
  private final int company;
  private final @Nullable UUID service;
  private final byte[] data;
  private final byte[] mask;

  AirFilter(Unpacked in) {
    company = in.int32();
    int size = in.int32();
    service = AirIdentity.uuid(in.bytes(16));
    byte[] allData = in.bytes(18);
    byte[] allMask = in.bytes(18);
    in.skip(4);
    data = Arrays.copyOf(allData, size);
    mask = Arrays.copyOf(allMask, size);
  }

  /** {@return the service, or null where it is about a company's data} */
  public @Nullable UUID getService() {
    return service;
  }

  /** {@return the company, where there is no service} */
  public int getCompany() {
    return company;
  }

  /** {@return what its data must be, without the company's two bytes} */
  public byte @NotNull[] getData() {
    return data.clone();
  }

  /** {@return which bits of the data matter} */
  public byte @NotNull[] getMask() {
    return mask.clone();
  }
}
