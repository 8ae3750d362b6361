package org.nearzone.example;

import android.os.ParcelUuid;
import java.util.UUID;
import org.nearzone.AirIdentity;
import org.nearzone.NearZoneException;

/** The numbers on the air: NearZone's own profile under UUIDs of this app's own. */
final class Payload {
  /** To be replaced by a number of one's own, which the Bluetooth SIG assigns to its members. */
  private static final UUID SERVICE = UUID.fromString("0000fff0-0000-1000-8000-00805f9b34fb");
  /** To be replaced by a random one. */
  private static final UUID CHARACTERISTIC =
      UUID.fromString("a3d3e9b6-6d7b-4c57-9c3a-2f3a6a1d4c10");

  private Payload() {}

  static AirIdentity air() throws NearZoneException {
    return AirIdentity.own(SERVICE, CHARACTERISTIC, true);
  }

  static ParcelUuid parcel(UUID uuid) {
    return ParcelUuid.fromString(uuid.toString());
  }
}
