// Declares what the example uses of Android's class of this name, for compiling only.
package android.os;

public final class SystemClock {
  public static native long elapsedRealtime();

  public static native long elapsedRealtimeNanos();
}
