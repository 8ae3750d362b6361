package org.nearzone.example;

import android.os.ParcelUuid;
import java.util.Arrays;
import org.nearzone.Advertisement;
import org.nearzone.HeardBy;
import org.nearzone.Scheme;
import org.nearzone.Sighting;

/** What is on the air: service data of identifier and metadata, as Exposure Notification has it. */
final class Payload {
  /** To be replaced by a number of one's own, which the Bluetooth SIG assigns to its members. */
  static final ParcelUuid SERVICE = ParcelUuid.fromString("0000fff0-0000-1000-8000-00805f9b34fb");

  private Payload() {}

  static byte[] of(Advertisement air) {
    byte[] identifier = air.getIdentifier();
    byte[] metadata = air.getMetadata();
    byte[] out = Arrays.copyOf(identifier, identifier.length + metadata.length);
    System.arraycopy(metadata, 0, out, identifier.length, metadata.length);
    return out;
  }

  /** Null where it is nothing of ours. */
  static Sighting read(byte[] data, long timeMillis, int rssiDbm) {
    int size = Scheme.GAEN.identifierSize();
    if (data == null || data.length != size + 4) {
      return null;
    }
    return new Sighting(Scheme.GAEN, Arrays.copyOf(data, size), timeMillis, rssiDbm,
        HeardBy.ADVERTISEMENT, Arrays.copyOfRange(data, size, data.length));
  }
}
