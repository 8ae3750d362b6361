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
  }

  PublishedKey(Unpacked in) {
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
    key = Arrays.copyOf(bytes, scheme.keySize());
    Arrays.fill(bytes, (byte) 0);
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
   * The identifiers that it stands for, in order of time.
   *
   * @return the identifiers
   * @throws NearZoneException where no honest list holds such a key
   */
  public @NotNull List<Broadcast> deriveIdentifiers() throws NearZoneException {
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
                        .array();
    Unpacked in = new Unpacked(Native.deriveIdentifiers(packed));
    List<Broadcast> out = new ArrayList<>(in.remaining() / Native.BROADCAST_SIZE);
    while (in.hasMore()) {
      out.add(new Broadcast(in, scheme));
    }
    return out;
  }

  static List<PublishedKey> unpack(byte[] keys) {
    Unpacked in = new Unpacked(keys);
    List<PublishedKey> out = new ArrayList<>(keys.length / Native.PUBLISHED_KEY_SIZE);
    while (in.hasMore()) {
      out.add(new PublishedKey(in));
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
        && record == that.record;
  }

  @Override
  public int hashCode() {
    return Objects.hash(scheme, Arrays.hashCode(key), validFromMillis, validToMillis,
        identifiersPerDay, reportType, daysSinceOnset, transmissionRiskLevel, revised, record);
  }

  @Override
  public @NotNull String toString() {
    return "PublishedKey{scheme=" + scheme + ", validFromMillis=" + validFromMillis
        + ", validToMillis=" + validToMillis + ", identifiersPerDay=" + identifiersPerDay
        + ", reportType=" + reportType + ", daysSinceOnset=" + daysSinceOnset
        + ", transmissionRiskLevel=" + transmissionRiskLevel + ", revised=" + revised
        + ", record=" + record + "}";
  }
}
