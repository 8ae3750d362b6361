// Declares what the example uses of Android's class of this name, for compiling only.
package android.app;

public final class NotificationChannel {
  public NotificationChannel(String id, CharSequence name, int importance) {}
}
