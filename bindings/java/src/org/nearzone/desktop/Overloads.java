package org.nearzone.desktop;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jetbrains.annotations.NotNull;
import org.nearzone.Advertisement;
import org.nearzone.DayCounts;
import org.nearzone.Device;
import org.nearzone.DeviceConfig;
import org.nearzone.Exposure;
import org.nearzone.KeyList;
import org.nearzone.NearZoneException;
import org.nearzone.Scan;

/** The methods of the other classes, with the types of java.nio.file and java.time. */
public final class Overloads {
  private Overloads() {}

  /**
   * Opens or makes a phone's state.
   *
   * @param folder as {@link Device#open}
   * @param rootSecret as {@link Device#open}
   * @param config as {@link Device#open}
   * @return the device
   * @throws NearZoneException as {@link Device#open}
   */
  public static @NotNull Device openDevice(@NotNull Path folder, byte @NotNull[] rootSecret,
      @NotNull DeviceConfig config) throws NearZoneException {
    return Device.open(folder.toFile(), rootSecret, config);
  }

  /**
   * Opens a list with the default options.
   *
   * @param file the list
   * @return the list
   * @throws NearZoneException as {@link KeyList#open(java.io.File)}
   */
  public static @NotNull KeyList openList(@NotNull Path file) throws NearZoneException {
    return KeyList.open(file.toFile());
  }

  /**
   * A scan after another one.
   *
   * @param start when it began
   * @param previousStart when the scan before it began
   * @return the scan
   */
  public static @NotNull Scan scan(@NotNull Instant start, @NotNull Instant previousStart) {
    return new Scan(start.toEpochMilli(), previousStart.toEpochMilli());
  }

  /**
   * Until when an advertisement may be sent.
   *
   * @param advertisement the advertisement
   * @return the time
   */
  public static @NotNull Instant validUntil(@NotNull Advertisement advertisement) {
    return Instant.ofEpochMilli(advertisement.getValidUntilMillis());
  }

  /**
   * The day of an exposure.
   *
   * @param exposure the exposure
   * @return the UTC day
   */
  public static @NotNull LocalDate day(@NotNull Exposure exposure) {
    return LocalDate.ofEpochDay(exposure.getDay());
  }

  /**
   * How long an exposure lasted.
   *
   * @param exposure the exposure
   * @return the duration
   */
  public static @NotNull Duration duration(@NotNull Exposure exposure) {
    return Duration.ofMillis(exposure.getDurationMillis());
  }

  /**
   * The day of counts, which is no day where it is {@link DayCounts#DOUBTFUL_DAY}.
   *
   * @param counts the counts
   * @return the day
   */
  public static @NotNull LocalDate day(@NotNull DayCounts counts) {
    return LocalDate.ofEpochDay(counts.getDay());
  }

  /**
   * What the log holds by the days of a local clock.
   *
   * @param device the device
   * @param offset how far the clock is ahead of UTC
   * @return as {@link Device#localDays}
   * @throws NearZoneException as {@link Device#localDays}
   */
  public static @NotNull List<DayCounts> localDays(
      @NotNull Device device, @NotNull ZoneOffset offset) throws NearZoneException {
    return device.localDays(Duration.ofSeconds(offset.getTotalSeconds()).toMillis());
  }

  /**
   * Erases what was heard and found on a day.
   *
   * @param device the device
   * @param day the UTC day
   * @throws NearZoneException as {@link Device#eraseDay}
   */
  public static void eraseDay(@NotNull Device device, @NotNull LocalDate day)
      throws NearZoneException {
    device.eraseDay(Math.toIntExact(day.toEpochDay()));
  }
}
