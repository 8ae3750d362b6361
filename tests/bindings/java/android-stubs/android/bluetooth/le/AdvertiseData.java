// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth.le;

import android.os.ParcelUuid;

public final class AdvertiseData {
  public static final class Builder {
    public native Builder addServiceUuid(ParcelUuid service);

    public native Builder addServiceData(ParcelUuid service, byte[] data);

    public native Builder addManufacturerData(int company, byte[] data);

    public native AdvertiseData build();
  }
}
