package org.nearzone.example;

import android.bluetooth.BluetoothAdapter;
import android.bluetooth.le.BluetoothLeScanner;
import android.bluetooth.le.ScanCallback;
import android.bluetooth.le.ScanFilter;
import android.bluetooth.le.ScanResult;
import android.bluetooth.le.ScanSettings;
import android.os.SystemClock;
import android.util.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.nearzone.AirFilter;
import org.nearzone.AirIdentity;
import org.nearzone.NearZoneException;
import org.nearzone.PhoneSystem;
import org.nearzone.Scan;
import org.nearzone.Sighting;

/** Hears other phones, and records each scan. All but its callback runs on the worker. */
final class Scanner extends ScanCallback {
  private static final String TAG = "NearZone";

  private final ExampleApplication application;
  private final Radio radio;
  private final BluetoothAdapter adapter;
  private List<Sighting> heard = new ArrayList<>();
  private long startMillis = Scan.UNKNOWN_TIME;
  private long previousStartMillis = Scan.UNKNOWN_TIME;

  Scanner(ExampleApplication application, Radio radio, BluetoothAdapter adapter) {
    this.application = application;
    this.radio = radio;
    this.adapter = adapter;
  }

  void start(AirIdentity air) throws NearZoneException {
    List<ScanFilter> filters = new ArrayList<>();
    for (AirFilter filter : air.scanFilters(PhoneSystem.ANDROID)) {
      ScanFilter.Builder builder = new ScanFilter.Builder();
      if (filter.getService() != null) {
        builder.setServiceUuid(Payload.parcel(filter.getService()));
      } else {
        builder.setManufacturerData(filter.getCompany(), filter.getData(), filter.getMask());
      }
      filters.add(builder.build());
    }
    BluetoothLeScanner scanner = adapter.getBluetoothLeScanner();
    if (scanner == null) {
      throw new IllegalStateException("Bluetooth is off");
    }
    scanner.startScan(filters,
        new ScanSettings.Builder().setScanMode(ScanSettings.SCAN_MODE_LOW_LATENCY).build(), this);
    startMillis = System.currentTimeMillis();
  }

  void add(Sighting sighting) {
    heard.add(sighting);
  }

  void stop() {
    try {
      BluetoothLeScanner scanner = adapter.getBluetoothLeScanner();
      if (scanner != null) {
        scanner.stopScan(this);
      }
    } catch (RuntimeException failure) {
      // Bluetooth was switched off meanwhile, and has stopped it.
      Log.w(TAG, "not stopped: " + failure.getMessage());
    }
    record();
  }

  /** What was heard in the scan that is over. */
  void record() {
    if (startMillis == Scan.UNKNOWN_TIME) {
      return;
    }
    try {
      application.device().record(new Scan(startMillis, previousStartMillis), heard);
      previousStartMillis = startMillis;
      startMillis = Scan.UNKNOWN_TIME;
      heard = new ArrayList<>();
    } catch (Exception failure) {
      // What was heard stays, to be recorded with the next scan's.
      Log.w(TAG, "not recorded: " + failure.getMessage());
    }
  }

  @Override
  public void onScanResult(int callbackType, ScanResult result) {
    if (result.getScanRecord() == null) {
      return;
    }
    long ageMillis = TimeUnit.NANOSECONDS.toMillis(
        SystemClock.elapsedRealtimeNanos() - result.getTimestampNanos());
    long timeMillis = System.currentTimeMillis() - ageMillis;
    application.worker().execute(() -> radio.hear(result, timeMillis));
  }

  @Override
  public void onScanFailed(int errorCode) {
    Log.w(TAG, "scanning failed with " + errorCode);
  }
}
