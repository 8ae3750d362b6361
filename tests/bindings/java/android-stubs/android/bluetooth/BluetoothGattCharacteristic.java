// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth;

public class BluetoothGattCharacteristic {
  @Deprecated
  public native byte[] getValue();
}
