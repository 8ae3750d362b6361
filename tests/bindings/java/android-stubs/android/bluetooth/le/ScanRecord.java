// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth.le;

import android.os.ParcelUuid;

public final class ScanRecord {
  public native byte[] getServiceData(ParcelUuid service);
}
