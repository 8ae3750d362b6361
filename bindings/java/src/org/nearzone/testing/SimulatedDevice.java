package org.nearzone.testing;

import java.io.File;
import java.nio.ByteBuffer;
import java.util.Collections;
import org.jetbrains.annotations.NotNull;
import org.nearzone.Advertisement;
import org.nearzone.Device;
import org.nearzone.DeviceConfig;
import org.nearzone.HeardBy;
import org.nearzone.NearZoneException;
import org.nearzone.Scan;
import org.nearzone.Sighting;

/**
 * A device for tests of apps: a real one, with a real log, whose clock the test sets, and whose
 * keys follow from a number, so that a test gives the same result every time. Never for people:
 * anybody can guess its keys.
 */
public final class SimulatedDevice extends Device {
  private volatile long timeMillis;
  private volatile long lastScanMillis = Scan.UNKNOWN_TIME;

  /**
   * Opens or makes the state of a phone that is simulated. Its root secret follows from the seed.
   *
   * @param folder as {@link Device#open}
   * @param config the options
   * @param timeMillis what its clock shows, in milliseconds since 1970 UTC
   * @param seed what its keys follow from: another one for each phone
   * @throws NearZoneException as {@link Device#open}
   */
  public SimulatedDevice(@NotNull File folder, @NotNull DeviceConfig config, long timeMillis,
      long seed) throws NearZoneException {
    this(folder, rootSecret(seed), config, timeMillis, seed);
  }

  /**
   * Opens or makes the state of a phone that is simulated, as one that is switched on again: with
   * the root secret that it has, and other keys from now on.
   *
   * @param folder as {@link Device#open}
   * @param rootSecret as {@link Device#open}
   * @param config the options
   * @param timeMillis what its clock shows, in milliseconds since 1970 UTC
   * @param seed what its new keys follow from
   * @throws NearZoneException as {@link Device#open}
   */
  public SimulatedDevice(@NotNull File folder, byte @NotNull[] rootSecret,
      @NotNull DeviceConfig config, long timeMillis, long seed) throws NearZoneException {
    super(folder, rootSecret, config, timeMillis, seed);
    this.timeMillis = timeMillis;
  }

  private static byte[] rootSecret(long seed) {
    return ByteBuffer.allocate(ROOT_SECRET_SIZE).putLong(seed).array();
  }

  /** {@return what its clock shows, in milliseconds since 1970 UTC} */
  public long getTimeMillis() {
    return timeMillis;
  }

  /**
   * Sets its clock, to any time.
   *
   * @param timeMillis what it shows from now on, in milliseconds since 1970 UTC
   * @throws NearZoneException with {@link org.nearzone.ErrorCode#INTERNAL}
   */
  public void setTimeMillis(long timeMillis) throws NearZoneException {
    setClock(timeMillis);
    this.timeMillis = timeMillis;
  }

  /**
   * Records one scan, now, that hears another phone as it sends by its own clock. For how long it
   * counts follows from the time of the scan before, as with a real one.
   *
   * @param other the phone that is heard
   * @param rssiDbm how strongly
   * @throws NearZoneException as the two logs do
   */
  public void hear(@NotNull Device other, int rssiDbm) throws NearZoneException {
    Advertisement air = other.advertisement();
    long now = timeMillis;
    record(new Scan(now, lastScanMillis),
        Collections.singletonList(new Sighting(air.getScheme(), air.getIdentifier(), now, rssiDbm,
            HeardBy.ADVERTISEMENT, air.getMetadata())));
    lastScanMillis = now;
  }
}
