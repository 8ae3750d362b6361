package org.nearzone;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import org.junit.rules.TemporaryFolder;
import org.nearzone.testing.SimulatedDevice;

/** What a wrong program gets: an exception that says so, and never a crash. */
public class MisuseTest {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();
  private DeviceConfig config;

  @Before
  public void defaults() {
    config = Phones.config();
  }

  private Device device() throws Exception {
    return Device.open(folder.newFolder(), new byte[32], config);
  }

  private static void refuses(ThrowingRunnable call) {
    assertThrows(IllegalArgumentException.class, call);
  }

  private static void missesNothing(ThrowingRunnable call) {
    assertThrows(NullPointerException.class, call);
  }

  private static AirIdentity.Builder air(Scheme scheme, Carrier carrier) {
    return AirIdentity.builder(
        scheme, carrier, UUID.fromString("0000fff0-0000-1000-8000-00805f9b34fb"));
  }

  @Test
  public void refusesAnAirIdentityUnderWhichNothingCanBeSent() throws Exception {
    refuses(() -> air(Scheme.TCN, Carrier.GATT_ONLY).build());
    refuses(() -> air(Scheme.BLUEZONE, Carrier.MANUFACTURER_DATA).build());
    refuses(() -> air(Scheme.BLUEZONE, Carrier.MANUFACTURER_DATA).company(65536).build());
    refuses(() -> air(Scheme.TCN, Carrier.SERVICE_DATA).metadata(true).build());
    refuses(() -> air(Scheme.GAEN, Carrier.SERVICE_DATA).overflowBit(128).build());
    refuses(() -> air(Scheme.GAEN, Carrier.SERVICE_DATA).iosService(new UUID(0, 0)).build());
    missesNothing(() -> AirIdentity.builder(null, Carrier.SERVICE_DATA, new UUID(1, 1)).build());
    AirIdentity own = air(Scheme.GAEN, Carrier.SERVICE_DATA).metadata(true).build();
    assertEquals(Scheme.GAEN, own.getScheme());
    assertEquals(own.getService(), own.getIosService());
    assertEquals(own,
        air(Scheme.GAEN, Carrier.SERVICE_DATA).metadata(true).overflowBit(-1).build());
  }

  @Test
  public void refusesAPlanThatCannotBeFollowed() throws Exception {
    Plan plan = Plan.of(Scheme.GAEN, PhoneSystem.ANDROID);
    refuses(() -> plan.withAdvertising(AppState.FOREGROUND, 0, 0, 0));
    refuses(() -> plan.withScanning(AppState.BACKGROUND, 4_000, 2_000, 1_000));
    refuses(() -> plan.withSlots(-1));
    refuses(() -> plan.withRandomRotation(2_000, 1_000));
    refuses(() -> plan.withBattery(10, 11));
    refuses(() -> plan.withBattery(101, 5));
    Plan half = plan.withScanning(AppState.BACKGROUND, 1_000, 1_000, 1_000);
    assertEquals(43_200, half.scanningSecondsADay(AppState.BACKGROUND, Power.FULL));
    assertEquals(1_536, plan.scanningSecondsADay(AppState.BACKGROUND, Power.FULL));
  }

  @Test
  public void refusesNull() throws Exception {
    missesNothing(() -> Device.open(null, new byte[32], config));
    missesNothing(() -> Device.open(folder.getRoot(), null, config));
    missesNothing(() -> Device.open(folder.getRoot(), new byte[32], null));
    missesNothing(() -> KeyList.open((byte[]) null));
    missesNothing(() -> KeyList.open((File) null));
    missesNothing(() -> KeyList.open((ByteBuffer) null));
    missesNothing(() -> KeyList.open(folder.newFile(), null, null));
    missesNothing(() -> new Sighting(null, new byte[16], 0, 0));
    missesNothing(() -> new Sighting(Scheme.GAEN, null, 0, 0));
    missesNothing(() -> new PublishedKey(Scheme.GAEN, null, 0, 0, 144));
    try (Device device = device(); PublicKeys keys = new PublicKeys()) {
      missesNothing(() -> keys.add((byte[]) null));
      missesNothing(() -> device.record(null, Collections.<Sighting>emptyList()));
      missesNothing(() -> device.record(new Scan(0), null));
      missesNothing(() -> device.record(null));
      missesNothing(() -> device.match(null, keys, MatchConfig.builder().build(), null));
      missesNothing(() -> device.check(null, keys, null));
      missesNothing(() -> device.check(folder.newFile(), null, null));
      missesNothing(() -> device.disclose(null, 14));
      missesNothing(() -> device.losses(null));
      missesNothing(() -> device.export((StringBuilder) null, ExportFormat.CSV, null));
      missesNothing(() -> device.export(new StringBuilder(), null, null));
    }
  }

  @Test
  public void refusesWrongLengthsAndNumbers() throws Exception {
    refuses(() -> Device.open(folder.getRoot(), new byte[31], config));
    refuses(() -> Device.open(folder.getRoot(), new byte[33], config));
    refuses(() -> Device.open(new File("a\0b"), new byte[32], config));
    refuses(()
                -> Device.open(folder.newFolder(), new byte[32],
                    DeviceConfig.builder().retentionDays(31).build()));
    refuses(()
                -> Device.open(folder.newFolder(), new byte[32],
                    DeviceConfig.builder().byteBudget(1).build()));
    refuses(() -> new Sighting(Scheme.GAEN, new byte[12], 0, 0));
    refuses(() -> new Sighting(Scheme.BLUEZONE, new byte[16], 0, 0));
    refuses(() -> new Sighting(Scheme.GAEN, new byte[16], 0, -129));
    refuses(() -> new Sighting(Scheme.GAEN, new byte[16], 0, 128));
    refuses(() -> new Sighting(Scheme.GAEN, new byte[16], 0, 0, HeardBy.GATT, new byte[2]));
    refuses(() -> new PublishedKey(Scheme.GAEN, new byte[32], 0, 0, 144));
    refuses(() -> new SightingBatch(-1));
    refuses(() -> new SightingBatch(1 << 30));
    try (Device device = device()) {
      refuses(() -> device.disclose(Consent.THE_PERSON_CONSENTS, 0));
      refuses(() -> device.disclose(Consent.THE_PERSON_CONSENTS, 15));
    }
  }

  @Test
  public void countsScansAndSightingsAgainInNativeCode() throws Exception {
    long address;
    File home = folder.newFolder();
    address = Native.deviceOpen(Packed.path(home), new byte[32], config.packed);
    try {
      byte[] scans = new byte[Native.SCAN_SIZE];
      byte[] heard = new byte[Native.SIGHTING_SIZE];
      refuses(() -> Native.deviceRecord(address, scans, 2, heard, 0));
      refuses(() -> Native.deviceRecord(address, scans, 1, heard, 2));
      refuses(() -> Native.deviceRecord(address, scans, -1, heard, 0));
      refuses(() -> Native.deviceRecord(address, scans, 1, heard, Integer.MIN_VALUE));
      refuses(() -> Native.deviceRecord(address, scans, Integer.MAX_VALUE, heard, 0));
      missesNothing(() -> Native.deviceRecord(address, null, 0, heard, 0));
      missesNothing(() -> Native.deviceRecord(address, scans, 0, null, 0));
      // The scan says that it heard one.
      byte[] scan = new Packed(24).int64(0).int64(0).int64(1).array();
      refuses(() -> Native.deviceRecord(address, scan, 1, heard, 0));
    } finally {
      Native.deviceFree(address);
    }
    byte[] list = ListConfig.builder().build().packed;
    ByteBuffer bytes = ByteBuffer.allocateDirect(8);
    refuses(() -> Native.listOpenMemory(ByteBuffer.allocate(8), 0, 8, list, 0));
    refuses(() -> Native.listOpenMemory(bytes, 0, 9, list, 0));
    refuses(() -> Native.listOpenMemory(bytes, 9, 0, list, 0));
    refuses(() -> Native.listOpenMemory(bytes, Integer.MAX_VALUE, Integer.MAX_VALUE, list, 0));
    refuses(() -> Native.listOpenMemory(bytes, -1, 1, list, 0));
    refuses(() -> Native.listOpenMemory(bytes, 0, 8, new byte[3], 0));
    refuses(() -> Native.deriveIdentifiers(new byte[79]));
  }

  @Test
  public void refusesSightingsWithoutAScan() {
    SightingBatch batch = new SightingBatch(4);
    assertThrows(IllegalStateException.class,
        () -> batch.add(new Sighting(Scheme.GAEN, new byte[16], 0, -60)));
  }

  @Test
  public void refusesKeysThatNoHonestListHolds() {
    NearZoneException thrown = assertThrows(NearZoneException.class,
        ()
            -> new PublishedKey(Scheme.BLUEZONE, new byte[32], 0, Long.MAX_VALUE, -1)
                   .deriveIdentifiers());
    assertEquals(ErrorCode.INVALID_ARGUMENT, thrown.getCode());
  }

  @Test
  public void refusesWhatIsClosed() throws Exception {
    Device device = device();
    KeyList list = KeyList.open("{\"data\":[]}".getBytes("UTF-8"));
    PublicKeys keys = new PublicKeys();
    MatchConfig any = MatchConfig.builder().acceptUnverifiedLists(true).build();
    Match match = device.match(list, null, any, null);
    Disclosure disclosure = device.disclose(Consent.THE_PERSON_CONSENTS, 14);
    Cancellation cancellation = new Cancellation();
    for (AutoCloseable closeable :
        Arrays.asList(match, disclosure, list, keys, cancellation, device)) {
      closeable.close();
      closeable.close();
    }
    for (ThrowingRunnable call :
        Arrays.<ThrowingRunnable>asList(device::advertisement, device::exposures, device::purge,
            device::suspend, device::resume, device::statistics, device::counter, device::opening,
            ()
                -> device.record(new SightingBatch(1)),
            ()
                -> device.match(list, keys, any, null),
            list::info,
            ()
                -> list.readKeys(1),
            list::rewind,
            ()
                -> list.verify(keys),
            ()
                -> keys.add("x"),
            () -> match.step(1), match::report, disclosure::take, disclosure::size)) {
      assertThrows(IllegalStateException.class, call);
    }
    cancellation.cancel();
    assertTrue(cancellation.isCancelled());
  }

  /** Closes an object under calls of two threads, which end well or find it closed. */
  private void closesUnderCalls(AutoCloseable object, ThrowingRunnable call) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(3);
    CountDownLatch under = new CountDownLatch(2);
    List<Future<?>> callers = new ArrayList<>();
    for (int i = 0; i < 2; ++i) {
      callers.add(pool.submit(() -> {
        try {
          call.run();
          under.countDown();
          while (true) {
            call.run();
          }
        } catch (IllegalStateException closed) {
          return;
        } catch (Throwable other) {
          throw new AssertionError(other);
        }
      }));
    }
    assertTrue(under.await(60, TimeUnit.SECONDS));
    Future<?> second = pool.submit(() -> {
      object.close();
      return null;
    });
    object.close();
    second.get(60, TimeUnit.SECONDS);
    for (Future<?> caller : callers) {
      try {
        caller.get(60, TimeUnit.SECONDS);
      } catch (ExecutionException failed) {
        throw new AssertionError(failed.getCause());
      }
    }
    pool.shutdown();
  }

  @Test
  public void closesUnderTheCallsOfOtherThreads() throws Exception {
    for (int round = 0; round < 20; ++round) {
      Device device = device();
      closesUnderCalls(device, device::counter);
      KeyList list = KeyList.open("{\"data\":[]}".getBytes("UTF-8"));
      closesUnderCalls(list, list::info);
      PublicKeys keys = new PublicKeys();
      try (KeyList other = KeyList.open("{\"data\":[]}".getBytes("UTF-8"))) {
        closesUnderCalls(keys, () -> other.verify(keys));
      }
    }
  }

  @Test
  public void closesUnderRecording() throws Exception {
    SimulatedDevice device = Phones.phone(folder.newFolder(), 1);
    AtomicInteger minute = new AtomicInteger();
    closesUnderCalls(device, () -> {
      long time = Phones.NOON + minute.incrementAndGet();
      device.record(new Scan(time),
          Collections.singletonList(new Sighting(Scheme.GAEN, new byte[16], time, -60)));
    });
  }

  @Test
  public void freesWhatIsForgotten() throws Exception {
    File home = folder.newFolder();
    // In a method of its own, so that no register or slot of this one holds the device.
    forget(home);
    for (int attempt = 0;; ++attempt) {
      System.gc();
      Thread.sleep(50);
      try {
        Device.open(home, new byte[32], config).close();
        return;
      } catch (NearZoneException held) {
        assertEquals(ErrorCode.IN_USE, held.getCode());
        assertTrue("the forgotten device still holds its folder", attempt < 100);
      }
    }
  }

  private void forget(File home) throws Exception {
    Device device = Device.open(home, new byte[32], config);
    assertFalse(device.opening().isRepaired());
    assertEquals(ErrorCode.IN_USE,
        assertThrows(NearZoneException.class, () -> Device.open(home, new byte[32], config))
            .getCode());
  }

  @Test
  public void showsNoIdentifierAndNoKey() throws Exception {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) 0xa7);
    PublishedKey key = new PublishedKey(Scheme.BLUEZONE, bytes, 0, 1, 96);
    Sighting sighting = new Sighting(
        Scheme.GAEN, Arrays.copyOf(bytes, 16), 5, -60, HeardBy.GATT, Arrays.copyOf(bytes, 4));
    for (Object shown : new Object[] {key, sighting}) {
      String text = shown.toString().toLowerCase();
      assertFalse(text.contains("a7"));
      assertFalse(text.contains("-89"));
      assertFalse(text.contains("[b@"));
    }
    try (Device device = device()) {
      Advertisement air = device.advertisement();
      assertEquals("Advertisement{scheme=GAEN, validUntilMillis=" + air.getValidUntilMillis() + "}",
          air.toString());
    }
  }
}
