// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth.le;

import android.os.ParcelUuid;

public final class ScanFilter {
  public static final class Builder {
    public native Builder setServiceUuid(ParcelUuid service);

    public native Builder setManufacturerData(int company, byte[] data, byte[] mask);

    public native ScanFilter build();
  }
}
