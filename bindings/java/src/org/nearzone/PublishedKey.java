package org.nearzone;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * One record of a published list, or a key that a person gives away for one.
 */
public final class PublishedKey {
  private final Scheme scheme;
  private final byte[] key;
  private final long validFromMillis;
  private final long validToMillis;
  private final int identifiersPerDay;
  private final ReportType reportType;
  private final Integer daysSinceOnset;
  private final int transmissionRiskLevel;
  private final boolean revised;
  private final long record;
  private final long releasedAtMillis;
  private final byte[] report;

  /**
   * A key of a confirmed test that nothing more is known of.
   *
   * @param scheme the scheme that it is of
   * @param key of {@link Scheme#keySize} bytes; copied
   * @param validFromMillis from when it is used, in milliseconds since 1970 UTC; of Bluezone, the
   *     record's time_start
   * @param validToMillis when that is over; of Bluezone, the record's time_end
   * @param identifiersPerDay how many identifiers it makes a day; of Bluezone, the record's max
   * @throws IllegalArgumentException where the key has another length than its scheme's
   */
  public PublishedKey(@NotNull Scheme scheme, byte @NotNull[] key, long validFromMillis,
      long validToMillis, int identifiersPerDay) {
    this(scheme, key, validFromMillis, validToMillis, identifiersPerDay, 0);
  }

  /**
   * A key of DP-3T, of a confirmed test that nothing more is known of.
   *
   * @param scheme the scheme that it is of
   * @param key of {@link Scheme#keySize} bytes; copied
   * @param validFromMillis from when it is used, in milliseconds since 1970 UTC
   * @param validToMillis when that is over; of DP-3T low-cost, the end of the day of the release
   * @param identifiersPerDay how many identifiers it makes a day
   * @param releasedAtMillis from when on anybody may know it; 0 where that does not matter
   * @throws IllegalArgumentException where the key has another length than its scheme's
   */
  public PublishedKey(@NotNull Scheme scheme, byte @NotNull[] key, long validFromMillis,
      long validToMillis, int identifiersPerDay, long releasedAtMillis) {
    if (key.length != scheme.keySize()) {
      throw new IllegalArgumentException("key has another length than its scheme's");
    }
    this.scheme = scheme;
    this.key = key.clone();
    this.validFromMillis = validFromMillis;
    this.validToMillis = validToMillis;
    this.identifiersPerDay = identifiersPerDay;
    reportType = ReportType.CONFIRMED_TEST;
    daysSinceOnset = null;
    transmissionRiskLevel = 0;
    revised = false;
    record = 0;
    this.releasedAtMillis = releasedAtMillis;
    report = new byte[0];
  }

  private PublishedKey(Unpacked in, boolean reported) {
    byte[] bytes = in.bytes(32);
    validFromMillis = in.int64();
    validToMillis = in.int64();
    record = in.int64();
    scheme = Scheme.of(in.int32());
    identifiersPerDay = in.int32();
    reportType = ReportType.of(in.int32());
    daysSinceOnset = in.known32();
    transmissionRiskLevel = in.int32();
    revised = in.flag();
    releasedAtMillis = in.int64();
    key = Arrays.copyOf(bytes, scheme.keySize());
    Arrays.fill(bytes, (byte) 0);
    report = in.bytes(reported ? in.int32() : 0);
  }

  /** {@return the scheme that it is of} */
  public @NotNull Scheme getScheme() {
    return scheme;
  }

  /** {@return the key, of {@link Scheme#keySize} bytes} */
  public byte @NotNull[] getKey() {
    return key.clone();
  }

  /**
   * {@return from when it is used, in milliseconds since 1970 UTC; of Bluezone, the record's
   * time_start}
   */
  public long getValidFromMillis() {
    return validFromMillis;
  }

  /** {@return when that is over; of Bluezone, the record's time_end} */
  public long getValidToMillis() {
    return validToMillis;
  }

  /** {@return of DP-3T and TCN, from when on anybody may know it; 0 where the list does not say} */
  public long getReleasedAtMillis() {
    return releasedAtMillis;
  }

  /** {@return of TCN, the signed report of a key that is given away; of others, and in lists, empty} */
  public byte @NotNull[] getReport() {
    return report.clone();
  }

  /** {@return how many identifiers it makes a day; of Bluezone, the record's max} */
  public int getIdentifiersPerDay() {
    return identifiersPerDay;
  }

  /** {@return how the infection is known} */
  public @NotNull ReportType getReportType() {
    return reportType;
  }

  /** {@return days between the symptoms' beginning and the key's, -14 to 14, or null} */
  public @Nullable Integer getDaysSinceOnset() {
    return daysSinceOnset;
  }

  /** {@return 0 to 8; 0 where the list does not say} */
  public int getTransmissionRiskLevel() {
    return transmissionRiskLevel;
  }

  /** {@return whether it is a later statement about a key published before} */
  public boolean isRevised() {
    return revised;
  }

  /** {@return its zero-based position in its list, refused records counted} */
  public long getRecord() {
    return record;
  }

  /**
   * The identifiers that it stands for, in order of their derivation, which is that of time; of
   * DP-3T, whose senders keep the order to themselves, each with its whole day or window.
   *
   * @return the identifiers
   * @throws NearZoneException where no honest list holds such a key
   */
  public @NotNull List<Broadcast> deriveIdentifiers() throws NearZoneException {
    if (report.length > 0) {
      return deriveIdentifiers(report);
    }
    byte[] packed = new Packed(Native.PUBLISHED_KEY_SIZE)
                        .bytes(key, 32)
                        .int64(validFromMillis)
                        .int64(validToMillis)
                        .int64(record)
                        .int32(scheme.number())
                        .int32(identifiersPerDay)
                        .int32(reportType.number())
                        .int32(daysSinceOnset == null ? Unpacked.UNKNOWN : daysSinceOnset)
                        .int32(transmissionRiskLevel)
                        .flag(revised)
                        .int64(releasedAtMillis)
                        .array();
    return broadcasts(Native.deriveIdentifiers(packed), scheme);
  }

  /**
   * The numbers that a signed report of TCN reveals. They are bound to no time: each is on the air
   * from {@link Long#MIN_VALUE} to {@link Long#MAX_VALUE}.
   *
   * @param report the report
   * @return the numbers
   * @throws NearZoneException where no honest list holds such a report, with {@link
   *     ErrorCode#SIGNATURE_REFUSED} where its own key did not sign it
   */
  public static @NotNull List<Broadcast> deriveIdentifiers(byte @NotNull[] report)
      throws NearZoneException {
    return broadcasts(Native.deriveReportIdentifiers(report), Scheme.TCN);
  }

  private static List<Broadcast> broadcasts(byte[] packed, Scheme scheme) {
    Unpacked in = new Unpacked(packed);
    List<Broadcast> out = new ArrayList<>(packed.length / Native.BROADCAST_SIZE);
    while (in.hasMore()) {
      out.add(new Broadcast(in, scheme));
    }
    return out;
  }

  /** Of a list. */
  static List<PublishedKey> unpack(byte[] keys) {
    return unpack(keys, false);
  }

  /** Each followed by its report. */
  static List<PublishedKey> unpackReported(byte[] keys) {
    return unpack(keys, true);
  }

  private static List<PublishedKey> unpack(byte[] keys, boolean reported) {
    Unpacked in = new Unpacked(keys);
    List<PublishedKey> out = new ArrayList<>(keys.length / Native.PUBLISHED_KEY_SIZE);
    while (in.hasMore()) {
      out.add(new PublishedKey(in, reported));
    }
    return out;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof PublishedKey)) {
      return false;
    }
    PublishedKey that = (PublishedKey) other;
    return scheme == that.scheme && Arrays.equals(key, that.key)
        && validFromMillis == that.validFromMillis && validToMillis == that.validToMillis
        && identifiersPerDay == that.identifiersPerDay && reportType == that.reportType
        && Objects.equals(daysSinceOnset, that.daysSinceOnset)
        && transmissionRiskLevel == that.transmissionRiskLevel && revised == that.revised
        && record == that.record && releasedAtMillis == that.releasedAtMillis
        && Arrays.equals(report, that.report);
  }

  @Override
  public int hashCode() {
    return Objects.hash(scheme, Arrays.hashCode(key), validFromMillis, validToMillis,
        identifiersPerDay, reportType, daysSinceOnset, transmissionRiskLevel, revised, record,
        releasedAtMillis, Arrays.hashCode(report));
  }

  @Override
  public @NotNull String toString() {
    return "PublishedKey{scheme=" + scheme + ", validFromMillis=" + validFromMillis
        + ", validToMillis=" + validToMillis + ", identifiersPerDay=" + identifiersPerDay
        + ", reportType=" + reportType + ", daysSinceOnset=" + daysSinceOnset
        + ", transmissionRiskLevel=" + transmissionRiskLevel + ", revised=" + revised
        + ", record=" + record + ", releasedAtMillis=" + releasedAtMillis + "}";
  }
}
