package org.nearzone;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.jetbrains.annotations.NotNull;

/**
 * Scans and what they heard, packed as the native library takes them. For many sightings at once;
 * to be made once and used again. Not to be used from two threads at once.
 *
 * <pre>{@code
 * batch.clear();
 * batch.beginScan(scanStart, previousScanStart);
 * batch.add(Scheme.GAEN, identifier, heardAt, rssi, HeardBy.ADVERTISEMENT, metadata);
 * device.record(batch);
 * }</pre>
 */
public final class SightingBatch {
  // Arrays, which Java fills faster than memory of the native library's, and which are copied
  // faster than that saves.
  private ByteBuffer scans = room(8 * Native.SCAN_SIZE);
  private ByteBuffer sightings;
  private int scanCount;
  private int size;
  /** How many sightings the scans before the last one have. */
  private int sizeBefore;

  /**
   * An empty batch. It grows where it has to.
   *
   * @param capacity for how many sightings it makes room
   */
  public SightingBatch(int capacity) {
    if (capacity < 0 || capacity > Integer.MAX_VALUE / Native.SIGHTING_SIZE) {
      throw new IllegalArgumentException("capacity is out of range");
    }
    sightings = room(Math.max(capacity, 1) * Native.SIGHTING_SIZE);
  }

  /** Empties it; the memory is kept. */
  public void clear() {
    scanCount = 0;
    size = 0;
    sizeBefore = 0;
  }

  /** {@return how many sightings it holds} */
  public int size() {
    return size;
  }

  /**
   * Begins a scan: what is added from here on was heard by it.
   *
   * @param startMillis when it began, in milliseconds since 1970 UTC
   * @param previousStartMillis when the scan before it began, or {@link Scan#UNKNOWN_TIME}
   */
  public void beginScan(long startMillis, long previousStartMillis) {
    countLastScan();
    sizeBefore = size;
    int at = scanCount * Native.SCAN_SIZE;
    scans = withRoom(scans, at + Native.SCAN_SIZE);
    scans.putLong(at, startMillis).putLong(at + 8, previousStartMillis);
    ++scanCount;
  }

  /**
   * Adds a sighting of the scan begun last.
   *
   * @param sighting what was heard
   * @throws IllegalStateException where no scan was begun
   */
  public void add(@NotNull Sighting sighting) {
    put(sighting.getScheme(), sighting.identifier, sighting.getTimeMillis(), sighting.getRssiDbm(),
        sighting.getHeardBy(), sighting.metadata);
  }

  /**
   * Adds a sighting of the scan begun last.
   *
   * @param scheme the scheme that it was heard of
   * @param identifier of {@link Scheme#identifierSize} bytes; copied
   * @param timeMillis when it was heard, in milliseconds since 1970 UTC
   * @param rssiDbm as the radio gave it, -128 to 126, or {@link Sighting#NO_RSSI}
   * @param heardBy how it came through the air
   * @param metadata sealed metadata (4 bytes, Exposure Notification), transmit power (1 byte), or
   *     nothing; copied
   * @throws IllegalArgumentException where a length or the RSSI cannot be
   * @throws IllegalStateException where no scan was begun
   */
  public void add(@NotNull Scheme scheme, byte @NotNull[] identifier, long timeMillis, int rssiDbm,
      @NotNull HeardBy heardBy, byte @NotNull[] metadata) {
    Sighting.check(scheme, identifier, rssiDbm, metadata);
    put(scheme, identifier, timeMillis, rssiDbm, Objects.requireNonNull(heardBy, "heardBy"),
        metadata);
  }

  private void put(Scheme scheme, byte[] identifier, long timeMillis, int rssiDbm, HeardBy heardBy,
      byte[] metadata) {
    if (scanCount == 0) {
      throw new IllegalStateException("no scan was begun");
    }
    int at = size * Native.SIGHTING_SIZE;
    sightings = withRoom(sightings, at + Native.SIGHTING_SIZE);
    // The last 16 bytes first: what is shorter than its place is followed by zeros.
    sightings.putLong(at, timeMillis).putLong(at + 16, 0).putLong(at + 24, 0);
    byte[] bytes = sightings.array();
    System.arraycopy(identifier, 0, bytes, at + 8, identifier.length);
    bytes[at + 24] = (byte) scheme.number();
    bytes[at + 25] = (byte) heardBy.number();
    bytes[at + 26] = (byte) rssiDbm;
    bytes[at + 27] = (byte) metadata.length;
    System.arraycopy(metadata, 0, bytes, at + 28, metadata.length);
    ++size;
  }

  private void countLastScan() {
    if (scanCount > 0) {
      scans.putLong(scanCount * Native.SCAN_SIZE - Long.BYTES, size - sizeBefore);
    }
  }

  /** Hands it to a device of the native library. */
  void record(long device) throws NearZoneException {
    countLastScan();
    Native.deviceRecord(device, scans.array(), scanCount, sightings.array(), size);
  }

  private static ByteBuffer room(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
  }

  private static ByteBuffer withRoom(ByteBuffer buffer, int size) {
    if (size <= buffer.capacity()) {
      return buffer;
    }
    if (size <= 0 || buffer.capacity() > Integer.MAX_VALUE / 2) {
      throw new IllegalStateException("the batch is full");
    }
    byte[] larger = Arrays.copyOf(buffer.array(), 2 * buffer.capacity());
    return ByteBuffer.wrap(larger).order(ByteOrder.nativeOrder());
  }
}
