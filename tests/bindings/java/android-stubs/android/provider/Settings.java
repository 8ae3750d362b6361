// Declares what the example uses of Android's class of this name, for compiling only.
package android.provider;

public final class Settings {
  public static final String ACTION_REQUEST_IGNORE_BATTERY_OPTIMIZATIONS = "";
}
