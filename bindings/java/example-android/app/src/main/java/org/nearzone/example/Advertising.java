package org.nearzone.example;

import android.bluetooth.le.AdvertiseData;
import android.bluetooth.le.AdvertisingSet;
import android.bluetooth.le.AdvertisingSetCallback;
import android.bluetooth.le.AdvertisingSetParameters;
import android.bluetooth.le.BluetoothLeAdvertiser;
import android.os.SystemClock;
import android.util.Log;

/**
 * One advertising, from Android 8 on, that the radio itself ends at its time: so that no identifier
 * is sent for longer than its slot, also where the phone sleeps and nobody stops it. The radio
 * counts up to eleven minutes; a longer one goes on in pieces, under one address.
 */
final class Advertising extends AdvertisingSetCallback {
  private static final String TAG = "NearZone";
  private static final long UNIT_MILLIS = 10;
  private static final long MOST_UNITS = 65_535;

  private final BluetoothLeAdvertiser advertiser;
  private final Runnable failed;
  private final long endMillis;
  private volatile boolean stopped;

  Advertising(BluetoothLeAdvertiser advertiser, boolean connectable, AdvertiseData data,
      long lastsMillis, Runnable failed) {
    this.advertiser = advertiser;
    this.failed = failed;
    endMillis = SystemClock.elapsedRealtime() + lastsMillis;
    AdvertisingSetParameters parameters =
        new AdvertisingSetParameters.Builder()
            .setLegacyMode(true)
            .setConnectable(connectable)
            .setScannable(connectable)  // what is connectable has to be
            .setInterval(AdvertisingSetParameters.INTERVAL_HIGH)
            .setTxPowerLevel(AdvertisingSetParameters.TX_POWER_LOW)
            .build();
    // Zero would be without an end.
    advertiser.startAdvertisingSet(
        parameters, data, null, null, null, Math.max(1, unitsLeft()), 0, this);
  }

  private int unitsLeft() {
    long left = (endMillis - SystemClock.elapsedRealtime()) / UNIT_MILLIS;
    return (int) Math.max(0, Math.min(MOST_UNITS, left));
  }

  void stop() {
    stopped = true;
    advertiser.stopAdvertisingSet(this);
  }

  @Override
  public void onAdvertisingSetStarted(AdvertisingSet set, int txPower, int status) {
    if (status != ADVERTISE_SUCCESS) {
      Log.w(TAG, "advertising failed with " + status);
      failed.run();
    }
  }

  @Override
  public void onAdvertisingEnabled(AdvertisingSet set, boolean enabled, int status) {
    int left = unitsLeft();
    if (!enabled && !stopped && left > 0) {
      set.enableAdvertising(true, left, 0);
    }
  }
}
