// Declares what the example uses of Android's class of this name, for compiling only.
package android.content;

public abstract class BroadcastReceiver {
  public abstract void onReceive(Context context, Intent intent);
}
