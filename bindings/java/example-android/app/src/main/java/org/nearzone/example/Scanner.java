package org.nearzone.example;

import android.bluetooth.le.BluetoothLeScanner;
import android.bluetooth.le.ScanCallback;
import android.bluetooth.le.ScanFilter;
import android.bluetooth.le.ScanResult;
import android.bluetooth.le.ScanSettings;
import android.os.SystemClock;
import android.util.Log;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.nearzone.Scan;
import org.nearzone.Sighting;

/**
 * Hears other phones, and records each minute of it as one scan. All but its callback runs on the
 * worker.
 */
final class Scanner extends ScanCallback {
  private static final String TAG = "NearZone";
  private static final int SCAN_SECONDS = 60;
  /** The system turns a scan of half an hour into one that only listens along with others. */
  private static final int SCANS_UNTIL_RESTART = 20;

  private final ExampleApplication application;
  private final BluetoothLeScanner scanner;
  private List<Sighting> heard = new ArrayList<>();
  private long startMillis;
  private long previousStartMillis = Scan.UNKNOWN_TIME;
  private int scans;
  private Future<?> clock;

  Scanner(ExampleApplication application, BluetoothLeScanner scanner) {
    this.application = application;
    this.scanner = scanner;
  }

  void start() {
    application.worker().execute(() -> {
      startMillis = System.currentTimeMillis();
      listen();
      clock = application.worker().scheduleWithFixedDelay(
          this::record, SCAN_SECONDS, SCAN_SECONDS, TimeUnit.SECONDS);
    });
  }

  void stop() {
    application.worker().execute(() -> {
      clock.cancel(false);
      scanner.stopScan(this);
      record();
    });
  }

  private void listen() {
    // Without a filter the system stops the scan when the screen goes dark.
    ScanFilter filter = new ScanFilter.Builder().setServiceUuid(Payload.SERVICE).build();
    ScanSettings settings =
        new ScanSettings.Builder().setScanMode(ScanSettings.SCAN_MODE_LOW_POWER).build();
    scanner.startScan(Collections.singletonList(filter), settings, this);
  }

  @Override
  public void onScanResult(int callbackType, ScanResult result) {
    if (result.getScanRecord() == null) {
      return;
    }
    long ageMillis = TimeUnit.NANOSECONDS.toMillis(
        SystemClock.elapsedRealtimeNanos() - result.getTimestampNanos());
    Sighting sighting = Payload.read(result.getScanRecord().getServiceData(Payload.SERVICE),
        System.currentTimeMillis() - ageMillis, result.getRssi());
    if (sighting != null) {
      application.worker().execute(() -> heard.add(sighting));
    }
  }

  @Override
  public void onScanFailed(int errorCode) {
    Log.w(TAG, "scanning failed with " + errorCode);
  }

  private void record() {
    try {
      application.device().record(new Scan(startMillis, previousStartMillis), heard);
      previousStartMillis = startMillis;
      startMillis = System.currentTimeMillis();
      heard = new ArrayList<>();
    } catch (Exception failure) {
      // What was heard stays, to be recorded with the next minute's.
      Log.w(TAG, "not recorded: " + failure.getMessage());
    }
    if (++scans % SCANS_UNTIL_RESTART == 0) {
      scanner.stopScan(this);
      listen();
    }
  }
}
