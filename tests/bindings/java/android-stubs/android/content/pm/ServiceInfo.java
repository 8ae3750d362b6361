// Declares what the example uses of Android's class of this name, for compiling only.
package android.content.pm;

public class ServiceInfo {
  public static final int FOREGROUND_SERVICE_TYPE_CONNECTED_DEVICE = 16;
  public static final int FOREGROUND_SERVICE_TYPE_LOCATION = 8;
}
