package org.nearzone.example;

import android.bluetooth.BluetoothAdapter;
import android.bluetooth.le.AdvertiseCallback;
import android.bluetooth.le.AdvertiseData;
import android.bluetooth.le.AdvertiseSettings;
import android.bluetooth.le.BluetoothLeAdvertiser;
import android.os.Build;
import android.os.ParcelUuid;
import android.util.Log;
import org.nearzone.Carrier;
import org.nearzone.Transmission;

/** Sends what it is told. Each new advertising has a new address. On the worker only. */
final class Advertiser extends AdvertiseCallback {
  private static final String TAG = "NearZone";

  private final BluetoothAdapter adapter;
  private final Runnable failed;
  private Advertising advertising;

  Advertiser(BluetoothAdapter adapter, Runnable failed) {
    this.adapter = adapter;
    this.failed = failed;
  }

  void send(Transmission sent, long lastsMillis) {
    BluetoothLeAdvertiser advertiser = adapter.getBluetoothLeAdvertiser();
    if (advertiser == null) {
      return;  // Such a phone hears others all the same.
    }
    ParcelUuid service = Payload.parcel(sent.getService());
    AdvertiseData.Builder data = new AdvertiseData.Builder().addServiceUuid(service);
    if (sent.getCarrier() == Carrier.SERVICE_DATA) {
      data.addServiceData(service, sent.getPayload());
    } else if (sent.getCarrier() == Carrier.MANUFACTURER_DATA) {
      data.addManufacturerData(sent.getCompany(), sent.getPayload());
    }
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.O) {
      advertising =
          new Advertising(advertiser, sent.isConnectable(), data.build(), lastsMillis, failed);
      return;
    }
    advertiser.startAdvertising(new AdvertiseSettings.Builder()
                                    .setAdvertiseMode(AdvertiseSettings.ADVERTISE_MODE_LOW_POWER)
                                    .setTxPowerLevel(AdvertiseSettings.ADVERTISE_TX_POWER_LOW)
                                    .setConnectable(sent.isConnectable())
                                    .build(),
        data.build(), this);
  }

  void stop() {
    Advertising sent = advertising;
    advertising = null;
    if (sent != null) {
      sent.stop();
      return;
    }
    BluetoothLeAdvertiser advertiser = adapter.getBluetoothLeAdvertiser();
    if (advertiser != null && Build.VERSION.SDK_INT < Build.VERSION_CODES.O) {
      advertiser.stopAdvertising(this);
    }
  }

  /** Bluetooth was switched off, and has stopped it. */
  void lost() {
    advertising = null;
  }

  @Override
  public void onStartFailure(int errorCode) {
    Log.w(TAG, "advertising failed with " + errorCode);
    failed.run();
  }
}
