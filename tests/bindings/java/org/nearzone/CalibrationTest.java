package org.nearzone;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;

import java.io.File;
import java.util.Arrays;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.nearzone.testing.SimulatedDevice;

/** What is known of phone models, and what a phone says of it on the air. */
public class CalibrationTest {
  /** Four phones, as version 1 of the format was written first. */
  private static final String TABLE =
      "4e5a43414c49420a010400065869616f6d690564656c7461044d6920440aeb02"
          + "0773616d73756e6705616c70686104534d2d41fde1030773616d73756e670462"
          + "65746104534d2d4205e8030773616d73756e670567616d6d6105534d2d413200"
          + "ec033ccf547289df74ef";

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private static byte[] table() {
    byte[] bytes = new byte[TABLE.length() / 2];
    for (int i = 0; i < bytes.length; ++i) {
      bytes[i] = (byte) Integer.parseInt(TABLE.substring(2 * i, 2 * i + 2), 16);
    }
    return bytes;
  }

  private static void check(Calibration found, int correction, int power, int confidence,
      CalibrationSource source) {
    assertEquals(correction, found.getRssiCorrectionDb());
    assertEquals(power, found.getTransmitPowerDbm());
    assertEquals(confidence, found.getConfidence());
    assertEquals(source, found.getSource());
  }

  @Test
  public void saysHowWellAPhoneIsKnown() throws Exception {
    Calibration exact = Calibration.lookUp(table(), "SAMSUNG", "alpha", "SM-A");
    check(exact, -3, -31, 3, CalibrationSource.EXACT_MODEL);
    check(Calibration.lookUp(table(), "", "beta", ""), 5, -24, 2, CalibrationSource.SIMILAR_MODEL);
    check(Calibration.lookUp(table(), "Samsung", "new", "SM-N"), 1, -25, 1, CalibrationSource.MAKER);
    Calibration fleet = Calibration.lookUp(table(), "", "", "");
    check(fleet, 3, -24, 0, CalibrationSource.FLEET);
    assertEquals(exact, Calibration.lookUp(table(), "samsung", "alpha", "SM-A"));
    assertEquals(exact.hashCode(),
        Calibration.lookUp(table(), "samsung", "alpha", "SM-A").hashCode());
    assertNotEquals(exact, fleet);
    assertEquals("Calibration{rssiCorrectionDb=-3, transmitPowerDbm=-31, confidence=3, "
            + "source=EXACT_MODEL}",
        exact.toString());
  }

  @Test
  public void refusesWhatIsNoTable() {
    NearZoneException empty =
        assertThrows(NearZoneException.class, () -> Calibration.lookUp(new byte[0], "", "", ""));
    assertEquals(ErrorCode.CORRUPT, empty.getCode());
    byte[] damaged = table();
    damaged[20] ^= 1;
    NearZoneException found =
        assertThrows(NearZoneException.class, () -> Calibration.lookUp(damaged, "", "", ""));
    assertEquals("checksum", found.getField());
    byte[] newer = table();
    newer[8] = 2;
    assertEquals(ErrorCode.NEWER_FORMAT,
        assertThrows(NearZoneException.class, () -> Calibration.lookUp(newer, "", "", ""))
            .getCode());
    assertThrows(NullPointerException.class, () -> Calibration.lookUp(null, "", "", ""));
    assertThrows(NullPointerException.class, () -> Calibration.lookUp(table(), null, "", ""));
  }

  private Advertisement air(String name, DeviceConfig config) throws Exception {
    File home = new File(folder.getRoot(), name);
    try (SimulatedDevice phone = new SimulatedDevice(home, config, Phones.NOON, 7)) {
      return phone.advertisement();
    }
  }

  /** Phones of one seed send the same but for what they state, under the same key stream. */
  @Test
  public void isStatedOnTheAir() throws Exception {
    Calibration known = Calibration.lookUp(table(), "samsung", "alpha", "SM-A");
    Advertisement unknown = air("unknown", DeviceConfig.builder().transmitPowerDbm(-30).build());
    Advertisement stated = air("known", DeviceConfig.builder().calibration(known).build());
    assertArrayEquals(unknown.getIdentifier(), stated.getIdentifier());
    byte[] difference = unknown.getMetadata();
    for (int i = 0; i < difference.length; ++i) {
      difference[i] ^= stated.getMetadata()[i];
    }
    byte[] expected = {3 << 2, (byte) (-30 ^ -31), 0, 0};
    assertArrayEquals(Arrays.toString(difference), expected, difference);
  }

  @Test
  public void isRefusedWhereItCannotBe() {
    assertThrows(IllegalArgumentException.class,
        () -> air("phone", DeviceConfig.builder().calibrationConfidence(4).build()));
  }
}
