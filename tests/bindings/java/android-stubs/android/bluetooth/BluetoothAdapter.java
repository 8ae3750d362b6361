// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth;

import android.bluetooth.le.BluetoothLeAdvertiser;
import android.bluetooth.le.BluetoothLeScanner;

public final class BluetoothAdapter {
  public native boolean isEnabled();

  public native BluetoothDevice getRemoteDevice(byte[] address);

  public native BluetoothLeAdvertiser getBluetoothLeAdvertiser();

  public native BluetoothLeScanner getBluetoothLeScanner();
}
