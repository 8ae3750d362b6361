// Declares what the example uses of Android's class of this name, for compiling only.
package android.app;

public class AlarmManager {
  public static final int ELAPSED_REALTIME_WAKEUP = 2;

  public native boolean canScheduleExactAlarms();

  public native void setExactAndAllowWhileIdle(int type, long atMillis, PendingIntent operation);

  public native void setAndAllowWhileIdle(int type, long atMillis, PendingIntent operation);

  public native void cancel(PendingIntent operation);
}
