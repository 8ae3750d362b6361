// Declares what the example uses of Android's class of this name, for compiling only.
package android.os;

public class BatteryManager {
  public static final int BATTERY_PROPERTY_CAPACITY = 4;

  public native int getIntProperty(int property);

  public native boolean isCharging();
}
