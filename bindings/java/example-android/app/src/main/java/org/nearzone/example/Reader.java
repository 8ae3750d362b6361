package org.nearzone.example;

import android.bluetooth.BluetoothDevice;
import android.bluetooth.BluetoothGatt;
import android.bluetooth.BluetoothGattCallback;
import android.bluetooth.BluetoothGattCharacteristic;
import android.bluetooth.BluetoothGattService;
import android.bluetooth.BluetoothProfile;
import java.util.UUID;

/** One connection to a phone that is asked for its identifier. */
final class Reader extends BluetoothGattCallback {
  private final ExampleApplication application;
  private final Radio radio;
  private final UUID service;
  private final UUID characteristic;
  private final BluetoothGatt gatt;

  Reader(ExampleApplication application, Radio radio, BluetoothDevice peer, UUID service,
      UUID characteristic) {
    this.application = application;
    this.radio = radio;
    this.service = service;
    this.characteristic = characteristic;
    gatt = peer.connectGatt(application, false, this);
  }

  void close() {
    gatt.close();
  }

  /** Null where it could not be reached; no bytes of a stranger. */
  private void answer(byte[] value) {
    application.worker().execute(() -> radio.answered(this, value));
  }

  @Override
  public void onConnectionStateChange(BluetoothGatt connection, int status, int newState) {
    if (newState != BluetoothProfile.STATE_CONNECTED || !connection.discoverServices()) {
      answer(null);
    }
  }

  @Override
  public void onServicesDiscovered(BluetoothGatt connection, int status) {
    BluetoothGattService found = connection.getService(service);
    BluetoothGattCharacteristic value =
        found == null ? null : found.getCharacteristic(characteristic);
    if (value == null) {
      answer(new byte[0]);
    } else if (!connection.readCharacteristic(value)) {
      answer(null);
    }
  }

  @Override
  @SuppressWarnings("deprecation")  // Its successor is not on phones before Android 13.
  public void onCharacteristicRead(
      BluetoothGatt connection, BluetoothGattCharacteristic read, int status) {
    answer(status == BluetoothGatt.GATT_SUCCESS ? read.getValue() : null);
  }
}
