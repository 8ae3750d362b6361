// Declares what the example uses of Android's class of this name, for compiling only.
package android.app;

public class NotificationManager {
  public static final int IMPORTANCE_LOW = 2;
  public static final int IMPORTANCE_HIGH = 4;

  public native void createNotificationChannel(NotificationChannel channel);

  public native void notify(int id, Notification notification);
}
