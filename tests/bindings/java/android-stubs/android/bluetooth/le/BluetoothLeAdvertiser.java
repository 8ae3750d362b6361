// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth.le;

public final class BluetoothLeAdvertiser {
  public native void startAdvertising(
      AdvertiseSettings settings, AdvertiseData data, AdvertiseCallback callback);

  public native void stopAdvertising(AdvertiseCallback callback);
}
