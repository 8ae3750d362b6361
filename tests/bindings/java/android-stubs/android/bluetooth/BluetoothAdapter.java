// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth;

import android.bluetooth.le.BluetoothLeAdvertiser;
import android.bluetooth.le.BluetoothLeScanner;

public final class BluetoothAdapter {
  public static final String ACTION_STATE_CHANGED = "";
  public static final String EXTRA_STATE = "";
  public static final int STATE_OFF = 10;
  public static final int STATE_ON = 12;

  public native boolean isEnabled();

  public native BluetoothDevice getRemoteDevice(byte[] address);

  public native BluetoothLeAdvertiser getBluetoothLeAdvertiser();

  public native BluetoothLeScanner getBluetoothLeScanner();
}
