package org.nearzone.example;

import android.bluetooth.le.AdvertiseCallback;
import android.bluetooth.le.AdvertiseData;
import android.bluetooth.le.AdvertiseSettings;
import android.bluetooth.le.BluetoothLeAdvertiser;
import android.util.Log;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.nearzone.Advertisement;

/**
 * Sends the identifier of the hour. A new advertising begins with each, so that the phone's address
 * changes together with it.
 */
final class Advertiser extends AdvertiseCallback {
  private static final String TAG = "NearZone";
  private static final long RETRY_MILLIS = 60_000;

  private final ExampleApplication application;
  private final BluetoothLeAdvertiser advertiser;
  private Future<?> next;

  Advertiser(ExampleApplication application, BluetoothLeAdvertiser advertiser) {
    this.application = application;
    this.advertiser = advertiser;
  }

  void start() {
    application.worker().execute(this::sendNext);
  }

  void stop() {
    application.worker().execute(() -> {
      if (next != null) {
        next.cancel(false);
      }
      advertiser.stopAdvertising(this);
    });
  }

  private void sendNext() {
    long validMillis = RETRY_MILLIS;
    try {
      Advertisement air = application.device().advertisement();
      validMillis = Math.max(air.getValidUntilMillis() - System.currentTimeMillis(), 0);
      advertiser.stopAdvertising(this);
      advertiser.startAdvertising(new AdvertiseSettings.Builder()
                                      .setAdvertiseMode(AdvertiseSettings.ADVERTISE_MODE_LOW_POWER)
                                      .setTxPowerLevel(AdvertiseSettings.ADVERTISE_TX_POWER_LOW)
                                      .setConnectable(false)
                                      .build(),
          new AdvertiseData.Builder()
              .addServiceUuid(Payload.SERVICE)
              .addServiceData(Payload.SERVICE, Payload.of(air))
              .build(),
          this);
    } catch (Exception failure) {
      Log.w(TAG, "not advertising: " + failure.getMessage());
    }
    next = application.worker().schedule(this::sendNext, validMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void onStartFailure(int errorCode) {
    Log.w(TAG, "advertising failed with " + errorCode);
  }
}
