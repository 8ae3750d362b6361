// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth;

public abstract class BluetoothGattCallback {
  public native void onConnectionStateChange(BluetoothGatt gatt, int status, int newState);

  public native void onServicesDiscovered(BluetoothGatt gatt, int status);

  @Deprecated
  public native void onCharacteristicRead(
      BluetoothGatt gatt, BluetoothGattCharacteristic characteristic, int status);
}
