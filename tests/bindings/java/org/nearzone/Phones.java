package org.nearzone;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.nearzone.testing.SimulatedDevice;

/** Two phones that were near each other for an hour, for a test's folder. */
final class Phones implements AutoCloseable {
  static final long NOON = 18_500L * 86_400_000 + 12 * 3_600_000;
  static final int MINUTE = 60_000;

  final SimulatedDevice ill;
  final SimulatedDevice well;

  Phones(File folder) throws NearZoneException {
    ill = phone(new File(folder, "ill"), 1);
    well = phone(new File(folder, "well"), 2);
  }

  static DeviceConfig config() {
    return DeviceConfig.builder().durability(Durability.LAST_MOMENTS).build();
  }

  static SimulatedDevice phone(File folder, long seed) throws NearZoneException {
    return new SimulatedDevice(folder, config(), NOON, seed);
  }

  void meet(int minutes) throws NearZoneException {
    for (int i = 0; i < minutes; i += 5) {
      well.hear(ill, -60);
      setTime(well.getTimeMillis() + 5 * MINUTE);
    }
  }

  void setTime(long timeMillis) throws NearZoneException {
    ill.setTimeMillis(timeMillis);
    well.setTimeMillis(timeMillis);
  }

  /** The list that the ill person's keys are in, published a day later. */
  byte[] publish(Authority authority) throws Exception {
    setTime(NOON + 86_400_000);
    try (Disclosure disclosure = ill.disclose(Consent.THE_PERSON_CONSENTS, 14)) {
      return authority.publish(disclosure.take(), NOON, NOON + 86_400_000);
    }
  }

  /** Keys that nobody was near of, for lists that take time. */
  static List<PublishedKey> strangers(int count) {
    List<PublishedKey> out = new ArrayList<>(count);
    long midnight = NOON - 12 * 3_600_000;
    for (int i = 0; i < count; ++i) {
      byte[] key = new byte[16];
      for (int j = 0; j < 4; ++j) {
        key[j] = (byte) (i >>> (8 * j));
      }
      out.add(new PublishedKey(Scheme.GAEN, key, midnight, midnight + 86_400_000, 144));
    }
    return out;
  }

  @Override
  public void close() {
    ill.close();
    well.close();
  }
}
