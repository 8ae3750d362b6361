// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth;

import java.util.UUID;

public class BluetoothGattService {
  public native BluetoothGattCharacteristic getCharacteristic(UUID uuid);
}
