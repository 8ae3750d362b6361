// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth.le;

public final class AdvertisingSetParameters {
  public static final int INTERVAL_HIGH = 1600;
  public static final int TX_POWER_LOW = -15;

  public static final class Builder {
    public native Builder setLegacyMode(boolean legacy);

    public native Builder setConnectable(boolean connectable);

    public native Builder setScannable(boolean scannable);

    public native Builder setInterval(int interval);

    public native Builder setTxPowerLevel(int dbm);

    public native AdvertisingSetParameters build();
  }
}
