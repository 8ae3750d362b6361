// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth;

public final class BluetoothManager {
  public native BluetoothAdapter getAdapter();
}
