package org.nearzone;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.nearzone.desktop.Overloads;
import org.nearzone.testing.SimulatedDevice;

/** What an app does with a device, from the first start to giving keys away. */
public class LifeTest {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();
  private Phones phones;
  private Authority authority;

  @Before
  public void open() throws Exception {
    phones = new Phones(folder.getRoot());
    authority = new Authority();
  }

  @After
  public void close() {
    phones.close();
  }

  private File published() throws Exception {
    File list = folder.newFile();
    Files.write(list.toPath(), phones.publish(authority));
    return list;
  }

  @Test
  public void tellsWhoWasNearWhomAndForHowLong() throws Exception {
    phones.meet(60);
    File list = published();
    try (PublicKeys keys = authority.publicKeys()) {
      MatchResult result = phones.well.check(list, keys, null);
      assertTrue(result.getReport().isDone());
      assertFalse(result.getReport().isKnown());
      assertEquals(SignatureOutcome.VERIFIED, result.getReport().getSignature());
      assertEquals(1, result.getExposures().size());

      Exposure exposure = result.getExposures().get(0);
      assertEquals(18_500, exposure.getDay());
      assertEquals(LocalDate.of(2020, 8, 26), Overloads.day(exposure));
      assertTrue(exposure.getDurationMillis() >= 55 * Phones.MINUTE);
      assertTrue(exposure.getMinimumAttenuationDb() > 0);
      assertEquals(result.getExposures(), phones.well.exposures());

      assertTrue(phones.well.check(list, keys, null).getReport().isKnown());
      assertEquals(Collections.emptyList(), phones.ill.check(list, keys, null).getExposures());
    }
  }

  @Test
  public void sendsOneIdentifierUntilItIsOver() throws Exception {
    Advertisement first = phones.ill.advertisement();
    assertEquals(Scheme.GAEN, first.getScheme());
    assertEquals(16, first.getIdentifier().length);
    assertEquals(4, first.getMetadata().length);
    assertTrue(first.getValidUntilMillis() > Phones.NOON);
    assertEquals(first, phones.ill.advertisement());

    phones.ill.setTimeMillis(first.getValidUntilMillis());
    assertNotEquals(first, phones.ill.advertisement());
  }

  @Test
  public void sendsTwelveBytesOfBluezone() throws Exception {
    DeviceConfig config = DeviceConfig.builder().ownScheme(Scheme.BLUEZONE).build();
    try (Device device = Device.open(folder.newFolder(), new byte[32], config)) {
      Advertisement air = device.advertisement();
      assertEquals(Scheme.BLUEZONE, air.getScheme());
      assertEquals(12, air.getIdentifier().length);
    }
  }

  @Test
  public void keepsWhatItHeardAndCountsIt() throws Exception {
    phones.meet(60);
    phones.well.record(new Scan(phones.well.getTimeMillis()), Collections.<Sighting>emptyList());

    Statistics statistics = phones.well.statistics();
    assertEquals(13, statistics.getScans());
    assertEquals(12, statistics.getSightings());
    assertTrue(statistics.getBytesOnDisk() > 0);
    assertFalse(statistics.isClockInDoubt());
    List<DayCounts> days = phones.well.days();
    assertEquals(1, days.size());
    assertEquals(18_500, days.get(0).getDay());
    assertEquals(12, days.get(0).getSightings());
    for (LossKind kind : LossKind.values()) {
      assertEquals(Collections.emptyList(), phones.well.losses(kind));
    }
    assertFalse(phones.well.opening().isRepaired());
    assertFalse(phones.well.opening().isOlderFolder());
    assertEquals(0, phones.well.opening().getStatesLost());

    // Noon is the next day already where clocks are twelve hours ahead.
    days = Overloads.localDays(phones.well, ZoneOffset.ofHours(12));
    assertEquals(18_501, days.get(0).getDay());
    assertEquals(LocalDate.of(2020, 8, 27), Overloads.day(days.get(0)));
  }

  @Test
  public void storesTheSameFromListsAndFromBatches() throws Exception {
    byte[] identifier = new byte[12];
    Arrays.fill(identifier, (byte) 0x5a);
    List<Sighting> heard = new ArrayList<>();
    SightingBatch batch = new SightingBatch(1);
    for (int round = 0; round < 2; ++round) {
      heard.clear();
      batch.clear();
      batch.beginScan(Phones.NOON, Scan.UNKNOWN_TIME);
      for (int i = 0; i < 5; ++i) {
        heard.add(new Sighting(Scheme.BLUEZONE, identifier, Phones.NOON + 1000 * i, -70 - i,
            HeardBy.GATT, i == 0 ? new byte[] {-12} : new byte[0]));
        batch.add(heard.get(i));
      }
    }
    assertEquals(5, batch.size());
    phones.ill.record(new Scan(Phones.NOON), heard);
    phones.well.record(batch);
    assertEquals(
        export(phones.ill, ExportFormat.JSON_LINES), export(phones.well, ExportFormat.JSON_LINES));
    assertEquals(5, phones.well.statistics().getSightings());
  }

  private static String export(Device device, ExportFormat format) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    device.export(bytes, format, null);
    StringBuilder text = new StringBuilder();
    device.export(text, format, null);
    assertArrayEquals(bytes.toByteArray(), text.toString().getBytes(StandardCharsets.UTF_8));
    return text.toString();
  }

  @Test
  public void exportsEverythingItHolds() throws Exception {
    phones.meet(60);
    byte[] identifier = phones.ill.advertisement().getIdentifier();
    phones.well.hear(phones.ill, -55);
    StringBuilder hex = new StringBuilder();
    for (byte b : identifier) {
      hex.append(String.format("%02x", b));
    }
    StringBuilder own = new StringBuilder();
    for (byte b : phones.well.advertisement().getIdentifier()) {
      own.append(String.format("%02x", b));
    }
    for (ExportFormat format : ExportFormat.values()) {
      String text = export(phones.well, format);
      assertTrue(text.split("\n").length >= 13);
      assertTrue(text.contains(hex));
      boolean withOwn =
          format == ExportFormat.CSV_WITH_OWN || format == ExportFormat.JSON_LINES_WITH_OWN;
      assertEquals(withOwn, text.contains(own));
    }
    try (Cancellation cancelled = new Cancellation()) {
      cancelled.cancel();
      NearZoneException thrown = assertThrows(NearZoneException.class,
          () -> phones.well.export(new StringBuilder(), ExportFormat.CSV, cancelled));
      assertEquals(ErrorCode.CANCELLED, thrown.getCode());
    }
  }

  @Test
  public void erasesADayOrEverything() throws Exception {
    phones.meet(60);
    Advertisement before = phones.well.advertisement();
    Overloads.eraseDay(phones.well, LocalDate.of(2020, 8, 26));
    assertEquals(0, phones.well.statistics().getSightings());
    assertEquals(before, phones.well.advertisement());

    phones.meet(60);
    phones.well.eraseAll();
    assertEquals(0, phones.well.statistics().getSightings());
    assertNotEquals(before, phones.well.advertisement());
  }

  @Test
  public void forgetsWhatIsOlderThanItsRetention() throws Exception {
    phones.meet(60);
    assertEquals(0, phones.well.purge());
    for (int day = 1; day <= 15; ++day) {
      phones.setTime(Phones.NOON + day * 86_400_000L);
      phones.well.hear(phones.ill, -60);
    }
    while (phones.well.compact(1000)) {
    }
    assertTrue(phones.well.purge() > 0);
    assertNotEquals(18_500, phones.well.days().get(0).getDay());
  }

  @Test
  public void letsGoOfItsFilesWhileSuspended() throws Exception {
    phones.meet(30);
    phones.well.suspend();
    assertThrows(IllegalStateException.class, () -> phones.well.statistics());
    assertThrows(IllegalStateException.class, () -> phones.well.hear(phones.ill, -60));
    phones.well.resume();
    assertEquals(6, phones.well.statistics().getSightings());
  }

  @Test
  public void givesKeysAwayOnce() throws Exception {
    phones.meet(30);
    long counter = phones.ill.counter();
    try (Disclosure disclosure = phones.ill.disclose(Consent.THE_PERSON_CONSENTS, 14)) {
      int size = disclosure.size();
      assertTrue(size > 0);
      List<PublishedKey> keys = disclosure.take();
      assertEquals(size, keys.size());
      assertEquals(16, keys.get(0).getKey().length);
      assertFalse(keys.get(0).deriveIdentifiers().isEmpty());
      assertThrows(IllegalStateException.class, disclosure::take);
    }
    assertTrue(phones.ill.counter() >= counter);
  }

  @Test
  public void givesReportsAwayButForWhatThePersonKeeps() throws Exception {
    DeviceConfig config = DeviceConfig.builder().ownScheme(Scheme.TCN).build();
    try (SimulatedDevice phone =
             new SimulatedDevice(new File(folder.getRoot(), "tcn"), config, Phones.NOON, 1)) {
      byte[] sent = phone.advertisement().getIdentifier();
      TimeRange noon = new TimeRange(Phones.NOON, Phones.NOON + 1);
      TimeRange evening = new TimeRange(Phones.NOON + 8 * 3_600_000, Phones.NOON + 9 * 3_600_000);
      assertThrows(IllegalArgumentException.class,
          ()
              -> phone.disclose(Consent.THE_PERSON_CONSENTS, 1,
                  Collections.singletonList(new TimeRange(Phones.NOON, Phones.NOON))));
      try (Disclosure disclosure = phone.disclose(
               Consent.THE_PERSON_CONSENTS, 1, Collections.singletonList(evening))) {
        List<PublishedKey> keys = disclosure.take();
        assertEquals(1, keys.size());
        assertEquals(134, keys.get(0).getReport().length);
        assertEquals(Phones.NOON + 1000, keys.get(0).getReleasedAtMillis());
        List<Broadcast> numbers = keys.get(0).deriveIdentifiers();
        assertEquals(numbers, PublishedKey.deriveIdentifiers(keys.get(0).getReport()));
        assertArrayEquals(sent, numbers.get(0).getIdentifier());
        assertEquals(Long.MAX_VALUE, numbers.get(0).getEndMillis());
      }
      phone.advertisement();
      try (Disclosure disclosure = phone.disclose(
               Consent.THE_PERSON_CONSENTS, 1, Collections.singletonList(noon))) {
        assertTrue(disclosure.take().isEmpty());
      }
    }
    NearZoneException thrown = assertThrows(
        NearZoneException.class, () -> PublishedKey.deriveIdentifiers(new byte[133]));
    assertEquals(ErrorCode.INVALID_ARGUMENT, thrown.getCode());
  }

  @Test
  public void knowsItsFolderAgain() throws Exception {
    phones.meet(30);
    phones.well.close();
    try (Device again = Phones.phone(new File(folder.getRoot(), "well"), 2)) {
      assertEquals(6, again.statistics().getSightings());
    }
    NearZoneException thrown = assertThrows(
        NearZoneException.class, () -> Phones.phone(new File(folder.getRoot(), "well"), 3));
    assertEquals(ErrorCode.WRONG_KEY, thrown.getCode());
  }

  @Test
  public void knowsItsVersion() {
    assertTrue(NearZone.version().matches("\\d+\\.\\d+\\.\\d+"));
  }
}
