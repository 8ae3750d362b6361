// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth.le;

public final class ScanSettings {
  public static final int SCAN_MODE_LOW_LATENCY = 2;

  public static final class Builder {
    public native Builder setScanMode(int mode);

    public native ScanSettings build();
  }
}
