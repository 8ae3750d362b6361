// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth.le;

public abstract class AdvertisingSetCallback {
  public static final int ADVERTISE_SUCCESS = 0;

  public native void onAdvertisingSetStarted(AdvertisingSet set, int txPower, int status);

  public native void onAdvertisingEnabled(AdvertisingSet set, boolean enabled, int status);
}
