package org.nearzone;

import java.nio.ByteBuffer;

/**
 * The functions of the native library, which registers them when it is loaded. Objects are passed
 * as addresses, never 0 but where a comment says so; what functions take and give back is packed
 * as {@link Unpacked} reads it, or is an array of the C interface's structs.
 */
final class Native {
  /** The C interface that these declarations were written for. */
  private static final int ABI_VERSION = 1;

  /** Sizes in bytes of the structs that are passed as arrays. */
  static final int SCAN_SIZE = 24;
  static final int SIGHTING_SIZE = 32;
  static final int PUBLISHED_KEY_SIZE = 88;
  static final int BROADCAST_SIZE = 32;
  static final int EXPOSURE_SIZE = 40;
  static final int WINDOW_SCAN_SIZE = 32;
  static final int DAY_COUNTS_SIZE = 32;

  static {
    System.loadLibrary("nearzone_jni");
    if (abiVersion() != ABI_VERSION) {
      throw new UnsatisfiedLinkError("nearzone_jni is of another version than the Java classes");
    }
  }

  private Native() {}

  static native int abiVersion();
  static native byte[] version();

  static native long cancelNew();
  static native void cancelRequest(long cancel);
  static native void cancelFree(long cancel);

  static native byte[] deriveIdentifiers(byte[] key) throws NearZoneException;
  static native byte[] deriveReportIdentifiers(byte[] report) throws NearZoneException;

  static native byte[] lookUpCalibration(byte[] table, byte[] maker, byte[] device, byte[] model)
      throws NearZoneException;

  static native byte[] deviceConfigDefaults();
  static native long deviceOpen(byte[] folder, byte[] rootSecret, byte[] config)
      throws NearZoneException;
  static native long deviceOpenSimulated(byte[] folder, byte[] rootSecret, byte[] config,
      long timeMillis, long seed) throws NearZoneException;
  static native void deviceSetSimulatedTime(long device, long timeMillis) throws NearZoneException;
  static native void deviceFree(long device);
  static native byte[] deviceOpening(long device) throws NearZoneException;
  static native long deviceCounter(long device) throws NearZoneException;
  static native byte[] deviceAdvertisement(long device) throws NearZoneException;
  /** Arrays that may be longer than what their counts say. */
  static native void deviceRecord(long device, byte[] scans, int scanCount, byte[] sightings,
      int sightingCount) throws NearZoneException;
  static native byte[] deviceTransmission(long device, byte[] air, int system)
      throws NearZoneException;
  static native byte[] deviceExposures(long device) throws NearZoneException;
  static native byte[] deviceExposureWindows(long device, byte[] mapping)
      throws NearZoneException;
  static native byte[] diagnosisKeyMappingDefaults();
  static native byte[] dailySummaryConfigDefaults();
  static native byte[] dailySummaries(byte[] scans, int scanCount, byte[] config, int today)
      throws NearZoneException;
  static native int devicePurge(long device) throws NearZoneException;
  static native boolean deviceCompact(long device, long budgetMillis) throws NearZoneException;
  static native void deviceEraseDay(long device, int day) throws NearZoneException;
  static native void deviceEraseAll(long device) throws NearZoneException;
  static native void deviceSuspend(long device) throws NearZoneException;
  static native void deviceResume(long device) throws NearZoneException;
  static native byte[] deviceStatistics(long device) throws NearZoneException;
  static native byte[] deviceDays(long device) throws NearZoneException;
  static native byte[] deviceLocalDays(long device, long utcOffsetMillis) throws NearZoneException;
  static native byte[] deviceLosses(long device, int kind) throws NearZoneException;
  /** Each redaction is its beginning and its end. */
  static native long deviceDisclose(long device, int consent, int days, byte[] redactions)
      throws NearZoneException;

  /** The cancel flag may be 0. */
  static native long deviceExport(long device, int format, long cancel) throws NearZoneException;
  /** How many bytes of the array were filled; 0 at the end. */
  static native int exportRead(long export, byte[] out) throws NearZoneException;
  static native void exportFree(long export);

  static native int disclosureSize(long disclosure) throws NearZoneException;
  /** Each key is followed by the size of its report, and that. */
  static native byte[] disclosureTake(long disclosure) throws NearZoneException;
  static native void disclosureFree(long disclosure);

  static native long publicKeysNew();
  static native void publicKeysAdd(long keys, byte[] pemOrDer) throws NearZoneException;
  static native void publicKeysFree(long keys);

  static native byte[] listConfigDefaults();
  /** The cancel flag may be 0. */
  static native long listOpenFile(byte[] path, byte[] config, long cancel) throws NearZoneException;
  /** The same; the buffer is borrowed until the list and all matches of it are freed. */
  static native long listOpenMemory(
      ByteBuffer bytes, int offset, int size, byte[] config, long cancel) throws NearZoneException;
  static native void listFree(long list);
  static native byte[] listInfo(long list) throws NearZoneException;
  static native byte[] listSignatures(long list) throws NearZoneException;
  static native byte[] listRefusals(long list) throws NearZoneException;
  static native byte[] listVerify(long list, long keys) throws NearZoneException;
  static native byte[] listReadKeys(long list, int most) throws NearZoneException;
  static native void listRewind(long list) throws NearZoneException;

  static native byte[] matchConfigDefaults();
  /** Public keys and cancel flag may be 0. */
  static native long matchBegin(long device, long list, long keys, byte[] config, long cancel)
      throws NearZoneException;
  static native boolean matchStep(long match, long mostKeys) throws NearZoneException;
  static native void matchSave(long match) throws NearZoneException;
  static native byte[] matchReport(long match) throws NearZoneException;
  static native byte[] matchExposures(long match) throws NearZoneException;
  static native void matchFree(long match);

  static native void deviceBeginUpload(long device, int consent, int days) throws NearZoneException;
  static native void deviceEnterUploadCode(long device, byte[] code) throws NearZoneException;
  static native void deviceDiscardUpload(long device) throws NearZoneException;
  static native byte[] deviceUploadStatus(long device) throws NearZoneException;
  static native long uploadDefaultChaffGap();
  /** 0 where there is nothing to send. */
  static native long deviceUploadRequest(long device, byte[] healthAuthority, long chaffGapMillis)
      throws NearZoneException;
  static native byte[] uploadRequestInfo(long request) throws NearZoneException;
  static native void uploadRequestFree(long request);
  /** A negative retryAfterMillis where the server did not say. */
  static native void deviceUploadAnswered(long device, byte[] healthAuthority, long chaffGapMillis,
      long request, int httpStatus, byte[] body, long retryAfterMillis) throws NearZoneException;
  static native long deviceUploadWakeAt(long device, byte[] healthAuthority, long chaffGapMillis)
      throws NearZoneException;

  static native byte[] indexConfigDefaults();
  static native long deviceFollowIndex(long device, byte[] server, byte[] path, byte[] suffix,
      long gapMillis, long mostListBytes) throws NearZoneException;
  static native void indexFree(long index);
  static native byte[] indexNext(long index) throws NearZoneException;
  static native void indexAnswered(long index, int httpStatus, byte[] body, byte[] etag,
      long retryAfterMillis) throws NearZoneException;
  static native void indexListHandled(long index, byte[] path, int outcome, long retryAfterMillis)
      throws NearZoneException;
  static native byte[] indexStatus(long index) throws NearZoneException;

  static native byte[] airPublished(int scheme) throws NearZoneException;
  static native byte[] airOwn(byte[] service, byte[] characteristic, boolean metadata)
      throws NearZoneException;
  static native byte[] airCan(byte[] air, int system, int state, int act) throws NearZoneException;
  static native byte[] airScanFilters(byte[] air, int system) throws NearZoneException;
  static native byte[] airDecode(byte[] air, int form, byte[] bytes) throws NearZoneException;
  static native byte[] planOf(int scheme, int system) throws NearZoneException;
  static native byte[] planSecondsADay(byte[] plan, int state, int power) throws NearZoneException;

  static native long plannerNew(byte[] plan) throws NearZoneException;
  static native long plannerNewSimulated(byte[] plan, long seed) throws NearZoneException;
  static native void plannerFree(long planner);
  static native void plannerSetState(long planner, int state) throws NearZoneException;
  static native void plannerSetBattery(long planner, int percent, boolean charging)
      throws NearZoneException;
  static native void plannerSetRadio(long planner, boolean on) throws NearZoneException;
  static native void plannerRenew(long planner) throws NearZoneException;
  static native byte[] plannerHeard(long planner, byte[] peer, int rssiDbm, long timeMillis,
      long monotonicMillis) throws NearZoneException;
  /** No bytes heard where it could not be reached. */
  static native void plannerAnswered(long planner, byte[] peer, byte[] heard, long timeMillis,
      long monotonicMillis) throws NearZoneException;
  static native byte[] plannerAdvance(long planner, long timeMillis, long monotonicMillis)
      throws NearZoneException;
}
