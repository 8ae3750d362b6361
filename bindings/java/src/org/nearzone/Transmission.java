package org.nearzone;

import java.util.UUID;
import org.jetbrains.annotations.NotNull;

/**
 * What an app hands to its phone's advertiser and GATT server.
 */
public final class Transmission {
  private final Carrier carrier;
  private final int company;
  private final boolean connectable;
  private final UUID service;
  private final byte[] payload;
  private final byte[] advertisement;

  Transmission(Unpacked in) {
    carrier = Carrier.of(in.int32());
    company = in.int32();
    connectable = in.flag();
    service = AirIdentity.uuid(in.bytes(16));
    payload = in.bytes(in.int32());
    advertisement = in.bytes(in.int32());
  }

  /** {@return what carries the payload; on an iPhone always {@link Carrier#GATT_ONLY}} */
  public @NotNull Carrier getCarrier() {
    return carrier;
  }

  /** {@return whose data, with {@link Carrier#MANUFACTURER_DATA}} */
  public int getCompany() {
    return company;
  }

  /** {@return whether others must be able to connect} */
  public boolean isConnectable() {
    return connectable;
  }

  /** {@return the service to advertise} */
  public @NotNull UUID getService() {
    return service;
  }

  /** {@return the data of the service or company, and the characteristic's value} */
  public byte @NotNull[] getPayload() {
    return payload.clone();
  }

  /** {@return the whole advertisement, but for the flags that the phone's system adds} */
  public byte @NotNull[] getAdvertisement() {
    return advertisement.clone();
  }

  @Override
  public @NotNull String toString() {
    return "Transmission{carrier=" + carrier + ", service=" + service + "}";
  }
}
