package org.nearzone;

import java.util.Arrays;
import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * A list's header. Claims, until the list is verified.
 */
public final class ListInfo {
  private final ListFormat format;
  private final long keys;
  private final long revisedKeys;
  private final long refusedKeys;
  private final long startMillis;
  private final long endMillis;
  private final int batchNumber;
  private final int batchSize;
  private final long listId;
  private final long sequence;
  private final long signatures;
  private final String region;
  private final byte[] contentDigest;

  ListInfo(Unpacked in) {
    format = ListFormat.of(in.int32());
    keys = in.int64();
    revisedKeys = in.int64();
    refusedKeys = in.int64();
    startMillis = in.int64();
    endMillis = in.int64();
    batchNumber = in.int32();
    batchSize = in.int32();
    listId = in.int64();
    sequence = in.int64();
    signatures = in.int64();
    region = in.text();
    contentDigest = in.bytes(32);
  }

  /** {@return the format} */
  public @NotNull ListFormat getFormat() {
    return format;
  }

  /** {@return how many usable keys it has, revised ones included} */
  public long getKeys() {
    return keys;
  }

  /** {@return how many of them are later statements about keys published before} */
  public long getRevisedKeys() {
    return revisedKeys;
  }

  /** {@return how many were skipped as malformed} */
  public long getRefusedKeys() {
    return refusedKeys;
  }

  /** {@return when the export's window, or a NearZone list's validity, begins} */
  public long getStartMillis() {
    return startMillis;
  }

  /** {@return when the export's window, or a NearZone list's validity, ends} */
  public long getEndMillis() {
    return endMillis;
  }

  /** {@return which batch of an export it is} */
  public int getBatchNumber() {
    return batchNumber;
  }

  /** {@return how many batches the export has} */
  public int getBatchSize() {
    return batchSize;
  }

  /** {@return of NearZone lists: which series it belongs to; unsigned} */
  public long getListId() {
    return listId;
  }

  /** {@return of NearZone lists: its position in the series; unsigned} */
  public long getSequence() {
    return sequence;
  }

  /** {@return how many signatures it carries} */
  public long getSignatures() {
    return signatures;
  }

  /** {@return the region that it is for} */
  public @NotNull String getRegion() {
    return region;
  }

  /** {@return the SHA-256 of what is signed} */
  public byte @NotNull[] getContentDigest() {
    return contentDigest.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof ListInfo)) {
      return false;
    }
    ListInfo that = (ListInfo) other;
    return format == that.format && keys == that.keys && revisedKeys == that.revisedKeys
        && refusedKeys == that.refusedKeys && startMillis == that.startMillis
        && endMillis == that.endMillis && batchNumber == that.batchNumber
        && batchSize == that.batchSize && listId == that.listId && sequence == that.sequence
        && signatures == that.signatures && Objects.equals(region, that.region)
        && Arrays.equals(contentDigest, that.contentDigest);
  }

  @Override
  public int hashCode() {
    return Objects.hash(format, keys, revisedKeys, refusedKeys, startMillis, endMillis, batchNumber,
        batchSize, listId, sequence, signatures, region, Arrays.hashCode(contentDigest));
  }

  @Override
  public @NotNull String toString() {
    return "ListInfo{format=" + format + ", keys=" + keys + ", revisedKeys=" + revisedKeys
        + ", refusedKeys=" + refusedKeys + ", startMillis=" + startMillis
        + ", endMillis=" + endMillis + ", batchNumber=" + batchNumber + ", batchSize=" + batchSize
        + ", listId=" + listId + ", sequence=" + sequence + ", signatures=" + signatures
        + ", region=" + region + "}";
  }
}
