// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth;

import android.content.Context;

public final class BluetoothDevice {
  public native String getAddress();

  public native BluetoothGatt connectGatt(
      Context context, boolean autoConnect, BluetoothGattCallback callback);
}
