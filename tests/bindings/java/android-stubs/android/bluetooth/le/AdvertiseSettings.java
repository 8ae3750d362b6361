// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth.le;

public final class AdvertiseSettings {
  public static final int ADVERTISE_MODE_LOW_POWER = 0;
  public static final int ADVERTISE_TX_POWER_LOW = 1;

  public static final class Builder {
    public native Builder setAdvertiseMode(int mode);

    public native Builder setTxPowerLevel(int level);

    public native Builder setConnectable(boolean connectable);

    public native AdvertiseSettings build();
  }
}
