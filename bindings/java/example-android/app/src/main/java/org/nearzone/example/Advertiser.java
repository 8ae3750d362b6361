package org.nearzone.example;

import android.bluetooth.le.AdvertiseCallback;
import android.bluetooth.le.AdvertiseData;
import android.bluetooth.le.AdvertiseSettings;
import android.bluetooth.le.BluetoothLeAdvertiser;
import android.os.ParcelUuid;
import android.util.Log;
import org.nearzone.Carrier;
import org.nearzone.Transmission;

/** Sends what it is told. Each new advertising has a new address. */
final class Advertiser extends AdvertiseCallback {
  private static final String TAG = "NearZone";

  private final BluetoothLeAdvertiser advertiser;

  Advertiser(BluetoothLeAdvertiser advertiser) {
    this.advertiser = advertiser;
  }

  void send(Transmission sent) {
    ParcelUuid service = Payload.parcel(sent.getService());
    AdvertiseData.Builder data = new AdvertiseData.Builder().addServiceUuid(service);
    if (sent.getCarrier() == Carrier.SERVICE_DATA) {
      data.addServiceData(service, sent.getPayload());
    } else if (sent.getCarrier() == Carrier.MANUFACTURER_DATA) {
      data.addManufacturerData(sent.getCompany(), sent.getPayload());
    }
    advertiser.startAdvertising(new AdvertiseSettings.Builder()
                                    .setAdvertiseMode(AdvertiseSettings.ADVERTISE_MODE_LOW_POWER)
                                    .setTxPowerLevel(AdvertiseSettings.ADVERTISE_TX_POWER_LOW)
                                    .setConnectable(sent.isConnectable())
                                    .build(),
        data.build(), this);
  }

  void stop() {
    advertiser.stopAdvertising(this);
  }

  @Override
  public void onStartFailure(int errorCode) {
    Log.w(TAG, "advertising failed with " + errorCode);
  }
}
