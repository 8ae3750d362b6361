package org.nearzone;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * One phone's keys, its encrypted log, and what was found.
 *
 * <pre>{@code
 * try (Device device = Device.open(folder, rootSecret, DeviceConfig.builder().build())) {
 *   Advertisement air = device.advertisement();  // to be sent until air.getValidUntilMillis()
 *   device.record(new Scan(scanStart, previousScanStart), heard);
 *   MatchResult found = device.check(list, publicKeys, cancellation);
 * }
 * }</pre>
 *
 * <p>Safe from any thread, and recording goes on while a list is matched. Calls write to the disk
 * or do work, and are not for the main thread. All of them fail with {@link IllegalStateException}
 * when the device is closed, and those that need the log when it is suspended. Closing it in the
 * middle of a call in another thread lets that call end.
 */
public class Device implements AutoCloseable {
  /** How many random bytes a root secret has. */
  public static final int ROOT_SECRET_SIZE = 32;

  private final State state;

  private static final class State extends NativeHandle {
    State(Device owner, long address) {
      super(owner, address, null);
    }

    @Override
    void free(long address) {
      Native.deviceFree(address);
    }
  }

  private Device(long address) {
    state = new State(this, address);
  }

  /**
   * For {@link org.nearzone.testing.SimulatedDevice}: a device whose clock stands still, and whose
   * keys anybody can guess.
   *
   * @param folder as {@link #open}
   * @param rootSecret as {@link #open}
   * @param config as {@link #open}
   * @param timeMillis what its clock shows
   * @param seed what its keys follow from
   * @throws NearZoneException as {@link #open}
   */
  protected Device(@NotNull File folder, byte @NotNull[] rootSecret, @NotNull DeviceConfig config,
      long timeMillis, long seed) throws NearZoneException {
    NativeHandle.freeForgotten();
    state = new State(this,
        Native.deviceOpenSimulated(
            Packed.path(folder), checked(rootSecret), config.packed, timeMillis, seed));
  }

  /**
   * For {@link org.nearzone.testing.SimulatedDevice}: sets the clock.
   *
   * @param timeMillis what it shows from now on
   * @throws NearZoneException with {@link ErrorCode#UNSUPPORTED} on any other device
   */
  protected final void setClock(long timeMillis) throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      Native.deviceSetSimulatedTime(device.address(), timeMillis);
    }
  }

  /**
   * Opens or makes a phone's state. A failed opening overwrites nothing.
   *
   * @param folder where it is kept; its parent must exist
   * @param rootSecret {@link #ROOT_SECRET_SIZE} random bytes, kept in the phone's key store:
   *     without them nothing in the folder can be read. Not kept; the caller may wipe them.
   * @param config the options
   * @return the device
   * @throws NearZoneException with {@link ErrorCode#WRONG_KEY}, and the field "restored" where the
   *     folder was restored from a backup without its keys; with {@link ErrorCode#IN_USE},
   *     {@link ErrorCode#CORRUPT}, {@link ErrorCode#NEWER_FORMAT}, {@link ErrorCode#IO},
   *     {@link ErrorCode#NO_SPACE}
   * @throws IllegalArgumentException where an option is out of range, or the root secret has
   *     another length
   */
  public static @NotNull Device open(@NotNull File folder, byte @NotNull[] rootSecret,
      @NotNull DeviceConfig config) throws NearZoneException {
    // One that the program has forgotten may still hold the folder.
    NativeHandle.freeForgotten();
    return new Device(Native.deviceOpen(Packed.path(folder), checked(rootSecret), config.packed));
  }

  private static byte[] checked(byte[] rootSecret) {
    if (rootSecret.length != ROOT_SECRET_SIZE) {
      throw new IllegalArgumentException("rootSecret does not have 32 bytes");
    }
    return rootSecret;
  }

  /**
   * What opening it found wrong.
   *
   * @return nothing, nearly always
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public final @NotNull Opening opening() throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      return new Opening(new Unpacked(Native.deviceOpening(device.address())));
    }
  }

  /**
   * Grows with every change of the log's keys. Kept in the phone's key store and given back as
   * {@link DeviceConfig.Builder#leastCounter}, it tells of an older folder put back.
   *
   * @return the counter
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public final long counter() throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      return Native.deviceCounter(device.address());
    }
  }

  /**
   * What to send now.
   *
   * @return the identifier, and until when it is to be sent
   * @throws NearZoneException as the log does, which keeps own keys before they go on the air
   */
  public final @NotNull Advertisement advertisement() throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      return new Advertisement(new Unpacked(Native.deviceAdvertisement(device.address())));
    }
  }

  /**
   * The same as bytes.
   *
   * @param air the numbers on the air
   * @param system this phone's
   * @return what to hand to its advertiser and GATT server
   * @throws NearZoneException with {@link ErrorCode#UNSUPPORTED} where the system lets no app send
   *     it; or as the log does
   */
  public final @NotNull Transmission transmission(
      @NotNull AirIdentity air, @NotNull PhoneSystem system) throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      return new Transmission(new Unpacked(
          Native.deviceTransmission(device.address(), air.packed, system.number())));
    }
  }

  /**
   * Stores what a scan heard, all of it or nothing, before it returns. After a failure the same
   * call may be repeated: nothing is stored twice.
   *
   * @param scan the scan
   * @param sightings what it heard, possibly nothing
   * @throws NearZoneException as the log does
   */
  public final void record(@NotNull Scan scan, @NotNull List<Sighting> sightings)
      throws NearZoneException {
    SightingBatch batch = new SightingBatch(sightings.size());
    batch.beginScan(scan.getStartMillis(), scan.getPreviousStartMillis());
    for (Sighting sighting : sightings) {
      batch.add(sighting);
    }
    record(batch);
  }

  /**
   * Stores what many scans heard, all of it or nothing, before it returns. After a failure the same
   * call may be repeated: nothing is stored twice.
   *
   * @param batch the scans and their sightings; kept as it is
   * @throws NearZoneException as the log does
   */
  public final void record(@NotNull SightingBatch batch) throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      batch.record(device.address());
    }
  }

  /**
   * Begins to match a list with what was heard. Verifies the list first.
   *
   * @param list the list
   * @param keys the authority's public keys, any of which must verify the list; or null where the
   *     options accept unverified lists
   * @param config the options
   * @param cancellation what ends this and every step early, or null
   * @return the match, to be stepped
   * @throws NearZoneException with {@link ErrorCode#SIGNATURE_REFUSED} where no key verifies the
   *     list or its validity has ended; with {@link ErrorCode#INVALID_ARGUMENT} where it is older
   *     than one of its series that was matched; with {@link ErrorCode#CANCELLED}; or as the log
   *     does
   */
  public final @NotNull Match match(@NotNull KeyList list, @Nullable PublicKeys keys,
      @NotNull MatchConfig config, @Nullable Cancellation cancellation) throws NearZoneException {
    try (NativeHandle.Use device = state.use(); NativeHandle.Use matched = list.use();
         NativeHandle.Use verifying = PublicKeys.use(keys);
         NativeHandle.Use cancel = Cancellation.use(cancellation)) {
      return new Match(Native.matchBegin(device.address(), matched.address(), verifying.address(),
                           config.packed, cancel.address()),
          list.borrowed());
    }
  }

  /**
   * Opens, verifies and matches a list in this thread, with the default options. Cancelled, or the
   * app killed, it goes on from where it was when it is called again.
   *
   * @param list the list, which must not change meanwhile
   * @param keys the authority's public keys, any of which must verify the list
   * @param cancellation what ends it early, or null
   * @return what was found
   * @throws NearZoneException as {@link KeyList#open(File)}, {@link #match} and {@link Match#step}
   */
  public final @NotNull MatchResult check(@NotNull File list, @NotNull PublicKeys keys,
      @Nullable Cancellation cancellation) throws NearZoneException {
    Objects.requireNonNull(keys, "keys");
    try (KeyList opened = KeyList.open(list, ListConfig.builder().build(), cancellation);
         Match match = match(opened, keys, MatchConfig.builder().build(), cancellation)) {
      return match.finish(null);
    }
  }

  /**
   * The exposures of all lists matched, of the days that the log still keeps.
   *
   * @return ascending by day
   * @throws NearZoneException as the log does
   */
  public final @NotNull List<Exposure> exposures() throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      return Exposure.unpack(Native.deviceExposures(device.address()));
    }
  }

  /**
   * The same findings as Exposure Notification's windows, for {@link DailySummary#of} and for apps
   * that have rules of their own.
   *
   * @param mapping what is taken to follow from what lists say
   * @return in a random order, so that their place does not tell which are of one key
   * @throws IllegalArgumentException where the mapping cannot be
   * @throws NearZoneException as the log does
   */
  public final @NotNull List<@NotNull ExposureWindow> exposureWindows(
      @NotNull DiagnosisKeyMapping mapping) throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      return ExposureWindow.unpack(Native.deviceExposureWindows(device.address(), mapping.packed));
    }
  }

  /**
   * Erases what is older than the retention; never on the word of a clock that cannot be right. To
   * be called once a day.
   *
   * @return how many days were erased
   * @throws NearZoneException as the log does
   */
  public final int purge() throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      return Native.devicePurge(device.address());
    }
  }

  /**
   * Packs days that are over. To be called in quiet moments, until it says no.
   *
   * @param budgetMillis about how long it may take
   * @return whether there is more to do
   * @throws NearZoneException as the log does
   */
  public final boolean compact(long budgetMillis) throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      return Native.deviceCompact(device.address(), budgetMillis);
    }
  }

  /**
   * Erases what was heard and found on a day; own keys stay. When it returns, the keys of what was
   * erased are overwritten on the disk.
   *
   * @param day in days since 1970-01-01 UTC
   * @throws NearZoneException as the log does
   */
  public final void eraseDay(int day) throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      Native.deviceEraseDay(device.address(), day);
    }
  }

  /**
   * Erases everything, own keys too; the phone is then a new one. When it returns, the keys of what
   * was erased are overwritten on the disk.
   *
   * @throws NearZoneException as the log does
   */
  public final void eraseAll() throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      Native.deviceEraseAll(device.address());
    }
  }

  /**
   * Lets go of every file and lock within 100 ms. Until {@link #resume}, everything that needs the
   * log fails with {@link IllegalStateException}, and a match that is under way with
   * {@link ErrorCode#CLOSED}.
   *
   * @throws NearZoneException as the log does
   */
  public final void suspend() throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      Native.deviceSuspend(device.address());
    }
  }

  /**
   * Takes the files up again.
   *
   * @throws NearZoneException as {@link #open}
   */
  public final void resume() throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      Native.deviceResume(device.address());
    }
  }

  /**
   * What the log holds in all.
   *
   * @return the counts
   * @throws NearZoneException as the log does
   */
  public final @NotNull Statistics statistics() throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      return new Statistics(new Unpacked(Native.deviceStatistics(device.address())));
    }
  }

  /**
   * What the log holds by UTC day.
   *
   * @return ascending, {@link DayCounts#DOUBTFUL_DAY} first
   * @throws NearZoneException as the log does
   */
  public final @NotNull List<DayCounts> days() throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      return DayCounts.unpack(Native.deviceDays(device.address()));
    }
  }

  /**
   * What the log holds by the days of a local clock: people's days are local.
   *
   * @param utcOffsetMillis how far the clock is ahead of UTC
   * @return ascending, {@link DayCounts#DOUBTFUL_DAY} first
   * @throws NearZoneException as the log does
   */
  public final @NotNull List<DayCounts> localDays(long utcOffsetMillis) throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      return DayCounts.unpack(Native.deviceLocalDays(device.address(), utcOffsetMillis));
    }
  }

  /**
   * What was recorded and is not there any more, by UTC day.
   *
   * @param kind for which reason
   * @return ascending
   * @throws NearZoneException as the log does
   */
  public final @NotNull List<DayCounts> losses(@NotNull LossKind kind) throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      return DayCounts.unpack(Native.deviceLosses(device.address(), kind.number()));
    }
  }

  /**
   * Writes everything the log holds as text, decrypted.
   *
   * @param out where to; not closed
   * @param format the form
   * @param cancellation what ends it early, or null
   * @throws NearZoneException with {@link ErrorCode#CANCELLED}, or as the log does
   * @throws IOException where writing fails
   */
  public final void export(@NotNull OutputStream out, @NotNull ExportFormat format,
      @Nullable Cancellation cancellation) throws NearZoneException, IOException {
    Objects.requireNonNull(out, "out");
    export((bytes, size) -> out.write(bytes, 0, size), format, cancellation);
  }

  /**
   * Appends everything the log holds as text, decrypted.
   *
   * @param out where to
   * @param format the form
   * @param cancellation what ends it early, or null
   * @throws NearZoneException with {@link ErrorCode#CANCELLED}, or as the log does
   * @throws IOException where appending fails
   */
  public final void export(@NotNull Appendable out, @NotNull ExportFormat format,
      @Nullable Cancellation cancellation) throws NearZoneException, IOException {
    Objects.requireNonNull(out, "out");
    // The text is ASCII, so that no character lies in two pieces.
    export((bytes, size)
               -> out.append(new String(bytes, 0, size, StandardCharsets.US_ASCII)),
        format, cancellation);
  }

  private void export(Export.Sink out, ExportFormat format, @Nullable Cancellation cancellation)
      throws NearZoneException, IOException {
    try (NativeHandle.Use device = state.use();
         NativeHandle.Use cancel = Cancellation.use(cancellation);
         Export export = new Export(device.address(), format, cancel.address())) {
      export.writeTo(out);
    }
  }

  /**
   * Gives away the keys of the last days, today included, and makes new ones.
   *
   * @param consent the person's yes
   * @param days how many days, 1 to 14
   * @return the keys
   * @throws NearZoneException as the log does
   */
  public final @NotNull Disclosure disclose(@NotNull Consent consent, int days)
      throws NearZoneException {
    return disclose(consent, days, Collections.emptyList());
  }

  /**
   * Gives away keys as {@link #disclose(Consent, int)} does, but for those that were on the air
   * within one of the redactions.
   *
   * @param consent the person's yes
   * @param days how many days, 1 to 14
   * @param redactions what the person keeps
   * @return the keys
   * @throws IllegalArgumentException where a redaction ends before it begins
   * @throws NearZoneException as the log does, and with {@link ErrorCode#UNSUPPORTED} where there
   *     are redactions and every key of the scheme stands for all that follows it (Bluezone, DP-3T
   *     low-cost)
   */
  public final @NotNull Disclosure disclose(@NotNull Consent consent, int days,
      @NotNull List<TimeRange> redactions) throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      return new Disclosure(Native.deviceDisclose(
          device.address(), consent.number(), days, TimeRange.pack(redactions)));
    }
  }

  /**
   * Gives away keys as {@link #disclose(Consent, int)} does, as an upload that stays pending, sealed in the log,
   * until the server accepts it or the person discards it, but no longer than 15 days: then no
   * server takes any of the keys. One that is there already is added to.
   *
   * @param consent the person's yes
   * @param days how many days, 1 to 14
   * @throws NearZoneException as the log does
   */
  public final void beginUpload(@NotNull Consent consent, int days) throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      Native.deviceBeginUpload(device.address(), consent.number(), days);
    }
  }

  /**
   * Takes the code that the person was given. Of an upload that was accepted, it revises the report.
   *
   * @param code as the person typed it
   * @throws NearZoneException with {@link ErrorCode#INVALID_ARGUMENT} where it cannot be a code;
   *     with {@link ErrorCode#NOT_FOUND} where there is no upload; or as the log does
   */
  public final void enterUploadCode(@NotNull String code) throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      Native.deviceEnterUploadCode(device.address(), Packed.text(code));
    }
  }

  /**
   * Forgets the upload: keys that no server has are then lost, as the person wants it.
   *
   * @throws NearZoneException as the log does
   */
  public final void discardUpload() throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      Native.deviceDiscardUpload(device.address());
    }
  }

  /**
   * Where the upload stands.
   *
   * @return for the person to see
   * @throws NearZoneException with {@link ErrorCode#NOT_FOUND} where there is no upload; or as the
   *     log does
   */
  public final @NotNull UploadStatus uploadStatus() throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      return new UploadStatus(new Unpacked(Native.deviceUploadStatus(device.address())));
    }
  }

  /**
   * What to send now: the next step of the upload, or cover traffic. To be asked until there is
   * nothing, by one caller at a time, whenever {@link #uploadWakeAtMillis} has come or the person
   * entered a code.
   *
   * @param config the options
   * @return the request to make, or null where there is none
   * @throws NearZoneException as the log does
   */
  public final @Nullable UploadRequest uploadRequest(@NotNull UploadConfig config)
      throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      long request = Native.deviceUploadRequest(
          device.address(), config.healthAuthority, config.chaffGapMillis);
      return request == 0 ? null : new UploadRequest(request);
    }
  }

  /**
   * Takes the answer to a request, and stores what follows from it before it returns.
   *
   * @param config the options
   * @param request the request
   * @param httpStatus 0 where no answer came
   * @param body what came back, of which no more than 64 KiB and a byte need be read
   * @param retryAfterMillis of the header Retry-After, or negative
   * @throws NearZoneException as the log does
   */
  public final void uploadAnswered(@NotNull UploadConfig config, @NotNull UploadRequest request,
      int httpStatus, byte @NotNull[] body, long retryAfterMillis) throws NearZoneException {
    Objects.requireNonNull(body, "body");
    try (NativeHandle.Use device = state.use(); NativeHandle.Use sent = request.use()) {
      Native.deviceUploadAnswered(device.address(), config.healthAuthority, config.chaffGapMillis,
          sent.address(), httpStatus, body, retryAfterMillis);
    }
  }

  /**
   * When {@link #uploadRequest} may have something to send.
   *
   * @param config the options
   * @return the time, or null where no time will bring it
   * @throws NearZoneException as the log does
   */
  public final @Nullable Long uploadWakeAtMillis(@NotNull UploadConfig config)
      throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      long wakeAt = Native.deviceUploadWakeAt(
          device.address(), config.healthAuthority, config.chaffGapMillis);
      return wakeAt == Long.MIN_VALUE ? null : wakeAt;
    }
  }

  /**
   * Follows an index of lists.
   *
   * @param server the server's base URL, or any other name for it
   * @param config the options
   * @return the index, to be asked what to fetch
   * @throws NearZoneException as the log does
   */
  public final @NotNull FollowedIndex followIndex(
      @NotNull String server, @NotNull IndexConfig config) throws NearZoneException {
    try (NativeHandle.Use device = state.use()) {
      return new FollowedIndex(Native.deviceFollowIndex(device.address(), Packed.text(server),
          config.path, config.suffix, config.gapMillis, config.mostListBytes));
    }
  }

  /**
   * Lets go of the folder, as soon as calls that are under way have ended and matches are closed.
   * May be called again.
   */
  @Override
  public void close() {
    state.close();
  }
}
