// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth;

import java.util.UUID;

public final class BluetoothGatt {
  public static final int GATT_SUCCESS = 0;

  public native boolean discoverServices();

  public native BluetoothGattService getService(UUID uuid);

  public native boolean readCharacteristic(BluetoothGattCharacteristic characteristic);

  public native void close();
}
