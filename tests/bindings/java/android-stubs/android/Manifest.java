// Declares what the example uses of Android's class of this name, for compiling only.
package android;

public final class Manifest {
  public static final class permission {
    public static final String ACCESS_FINE_LOCATION = "";
    public static final String BLUETOOTH_CONNECT = "";
    public static final String BLUETOOTH_ADVERTISE = "";
    public static final String BLUETOOTH_SCAN = "";
    public static final String POST_NOTIFICATIONS = "";
  }
}
