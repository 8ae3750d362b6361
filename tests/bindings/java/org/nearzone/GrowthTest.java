package org.nearzone;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import org.junit.Assume;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import org.junit.rules.TemporaryFolder;
import org.nearzone.testing.SimulatedDevice;

/** A million calls take no more memory than the first ten thousand did. */
public class GrowthTest {
  private static final int CALLS = 1_000_000;
  // Of 75,000 calls of each kind: 100 bytes a call would be more.
  private static final long MOST_GROWTH = 7 << 20;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private static long residentBytes() throws Exception {
    String statm =
        new String(Files.readAllBytes(Paths.get("/proc/self/statm")), StandardCharsets.US_ASCII);
    return Long.parseLong(statm.split(" ")[1]) * 4096;
  }

  private static long heapBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  public void millionCallsDoNotGrow() throws Exception {
    Assume.assumeTrue(new File("/proc/self/statm").exists());
    try (SimulatedDevice device = Phones.phone(folder.newFolder(), 1)) {
      ThrowingRunnable[] calls = calls(device);
      long resident = 0;
      long heap = 0;
      for (int i = 0; i < CALLS; ++i) {
        if (i == CALLS / 4) {
          heap = heapBytes();
          resident = residentBytes();
        }
        try {
          calls[i % calls.length].run();
        } catch (Throwable failed) {
          throw new AssertionError("call " + i % calls.length, failed);
        }
      }
      long heapGrowth = heapBytes() - heap;
      long growth = residentBytes() - resident;
      assertTrue("heap grew by " + heapGrowth, heapGrowth < MOST_GROWTH);
      assertTrue("resident memory grew by " + growth, growth < MOST_GROWTH);
    }
  }

  private static ThrowingRunnable[] calls(SimulatedDevice device) {
    byte[] json = "{\"data\":[]}".getBytes(StandardCharsets.UTF_8);
    byte[] wrong = new byte[] {1, 2, 3};
    return new ThrowingRunnable[] {
        device::counter,
        device::opening,
        device::advertisement,
        () -> device.exposures().size(),
        () -> {
          try (Cancellation cancellation = new Cancellation()) {
            cancellation.cancel();
          }
        },
        // Closed by nobody.
        Cancellation::new,
        () -> {
          try (PublicKeys keys = new PublicKeys()) {
            keys.add(wrong);
          } catch (NearZoneException refused) {
            assertTrue(refused.getMessage().length() > 0);
          }
        },
        () -> {
          try (KeyList list = KeyList.open(json)) {
            assertEquals(0, list.readKeys(4).size());
          }
        },
        () -> device.setTimeMillis(device.getTimeMillis()),
        NearZone::version,
    };
  }
}
