// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth.le;

public final class AdvertisingSet {
  public native void enableAdvertising(boolean enable, int duration, int mostEvents);
}
