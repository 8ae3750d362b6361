// Declares what the example uses of Android's class of this name, for compiling only.
package android.os;

public final class PowerManager {
  public static final int PARTIAL_WAKE_LOCK = 1;

  public native WakeLock newWakeLock(int level, String tag);

  public native boolean isIgnoringBatteryOptimizations(String packageName);

  public final class WakeLock {
    public native void setReferenceCounted(boolean counted);

    public native void acquire(long timeoutMillis);

    public native boolean isHeld();

    public native void release();
  }
}
