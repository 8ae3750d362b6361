// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth.le;

import android.bluetooth.BluetoothDevice;

public final class ScanResult {
  public native BluetoothDevice getDevice();

  public native ScanRecord getScanRecord();

  public native int getRssi();

  public native long getTimestampNanos();
}
