// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth;

public interface BluetoothProfile {
  int STATE_CONNECTED = 2;
}
