// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth.le;

public abstract class ScanCallback {
  public native void onScanResult(int callbackType, ScanResult result);

  public native void onScanFailed(int errorCode);
}
