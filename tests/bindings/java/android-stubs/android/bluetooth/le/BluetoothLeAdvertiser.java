// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth.le;

public final class BluetoothLeAdvertiser {
  public native void startAdvertising(
      AdvertiseSettings settings, AdvertiseData data, AdvertiseCallback callback);

  public native void stopAdvertising(AdvertiseCallback callback);

  public native void startAdvertisingSet(AdvertisingSetParameters parameters, AdvertiseData data,
      AdvertiseData scanResponse, PeriodicAdvertisingParameters periodicParameters,
      AdvertiseData periodicData, int duration, int mostEvents, AdvertisingSetCallback callback);

  public native void stopAdvertisingSet(AdvertisingSetCallback callback);
}
