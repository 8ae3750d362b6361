package org.nearzone;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Exposure windows, and what they amount to by the day. */
public class WindowsTest {
  private static final double DELTA = 1e-9;
  private static final int DAY = 18_500;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();
  private Phones phones;
  private List<ExposureWindow> windows;

  @Before
  public void meet() throws Exception {
    phones = new Phones(folder.getRoot());
    phones.meet(60);
    Authority authority = new Authority();
    File list = folder.newFile();
    Files.write(list.toPath(), phones.publish(authority));
    try (PublicKeys keys = authority.publicKeys()) {
      phones.well.check(list, keys, null);
    }
    windows = phones.well.exposureWindows(DiagnosisKeyMapping.builder().build());
  }

  @After
  public void close() {
    phones.close();
  }

  private double seconds() {
    double seconds = 0;
    for (ExposureWindow window : windows) {
      for (ScanInstance scan : window.getScans()) {
        seconds += scan.getSinceLastScanMillis() / 1000.0;
      }
    }
    return seconds;
  }

  @Test
  public void sayWhatWasHeardScanByScan() throws Exception {
    assertEquals(2, windows.size());
    for (ExposureWindow window : windows) {
      assertEquals(DAY, window.getDay());
      assertEquals(ReportType.CONFIRMED_TEST, window.getReportType());
      assertEquals(Infectiousness.STANDARD, window.getInfectiousness());
      assertEquals(6, window.getScans().size());
      for (ScanInstance scan : window.getScans()) {
        assertTrue(scan.getTypicalAttenuationDb() >= scan.getMinimumAttenuationDb());
        assertEquals(0, scan.getSinceLastScanMillis() % 60_000);
      }
      assertThrows(UnsupportedOperationException.class, () -> window.getScans().clear());
    }
    // In another order, perhaps, and else the same.
    List<ExposureWindow> again =
        phones.well.exposureWindows(DiagnosisKeyMapping.builder().build());
    assertEquals(new HashSet<>(windows), new HashSet<>(again));
    assertTrue(windows.get(0).toString().contains("CONFIRMED_TEST"));
  }

  @Test
  public void meanWhatTheMappingSays() throws Exception {
    DiagnosisKeyMapping.Builder none =
        DiagnosisKeyMapping.builder().whenOnsetUnknown(Infectiousness.NONE);
    assertTrue(phones.well.exposureWindows(none.build()).isEmpty());
    DiagnosisKeyMapping high = DiagnosisKeyMapping.builder()
                                   .whenOnsetUnknown(Infectiousness.HIGH)
                                   .infectiousness(-14, Infectiousness.NONE)
                                   .reportTypeWhenMissing(ReportType.SELF_REPORT)
                                   .build();
    for (ExposureWindow window : phones.well.exposureWindows(high)) {
      assertEquals(Infectiousness.HIGH, window.getInfectiousness());
      assertEquals(ReportType.SELF_REPORT, window.getReportType());
    }
    assertThrows(
        IllegalArgumentException.class, () -> none.infectiousness(15, Infectiousness.HIGH));
    none.reportTypeWhenMissing(ReportType.UNKNOWN);
    assertThrows(
        IllegalArgumentException.class, () -> phones.well.exposureWindows(none.build()));
  }

  @Test
  public void addUpByTheDay() throws Exception {
    double seconds = seconds();
    assertTrue(seconds > 0);
    List<DailySummary> days =
        DailySummary.of(windows, DailySummaryConfig.builder().build(), DAY);
    assertEquals(1, days.size());
    assertEquals(DAY, days.get(0).getDay());
    assertEquals(seconds, days.get(0).getTotal().getSum(), DELTA);
    assertEquals(seconds, days.get(0).get(ReportType.CONFIRMED_TEST).getSum(), DELTA);
    assertTrue(days.get(0).getTotal().getMaximum() < seconds);
    assertNull(days.get(0).get(ReportType.SELF_REPORT));

    DailySummaryConfig weighted = DailySummaryConfig.builder()
                                      .attenuationThresholdsDb(0, 1, 255)
                                      .attenuationWeights(0, 0, 0.5, 0)
                                      .reportTypeWeight(ReportType.CONFIRMED_TEST, 2)
                                      .infectiousnessWeight(Infectiousness.STANDARD, 0.25)
                                      .build();
    DailySummary.Scores scores = DailySummary.of(windows, weighted, DAY).get(0).getTotal();
    assertEquals(seconds / 2, scores.getWeightedDuration(), DELTA);
    assertEquals(seconds / 4, scores.getSum(), DELTA);
  }

  @Test
  public void areDroppedWhereTheConfigSaysSo() throws Exception {
    DailySummaryConfig recent = DailySummaryConfig.builder().daysSinceExposureThreshold(3).build();
    assertFalse(DailySummary.of(windows, recent, DAY + 3).isEmpty());
    assertTrue(DailySummary.of(windows, recent, DAY + 4).isEmpty());
    DailySummaryConfig much = DailySummaryConfig.builder().minimumWindowScore(1e6).build();
    assertTrue(DailySummary.of(windows, much, DAY).isEmpty());
    assertTrue(DailySummary.of(Collections.emptyList(), much, DAY).isEmpty());
  }

  @Test
  public void areRefusedByConfigsThatCannotBe() {
    DailySummaryConfig.Builder builder = DailySummaryConfig.builder();
    assertThrows(
        IllegalArgumentException.class, () -> builder.attenuationThresholdsDb(50, 55));
    assertThrows(IllegalArgumentException.class, () -> builder.attenuationWeights(1, 1, 1));
    builder.attenuationWeights(1, 1, 1, Double.NaN);
    assertThrows(
        IllegalArgumentException.class, () -> DailySummary.of(windows, builder.build(), DAY));
  }
}
