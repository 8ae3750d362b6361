// Declares what the example uses of Android's class of this name, for compiling only.
package android.app;

import android.content.Context;
import android.content.Intent;
import android.os.IBinder;

public abstract class Service extends Context {
  public static final int START_STICKY = 1;

  public native int onStartCommand(Intent intent, int flags, int startId);

  public native void onDestroy();

  public abstract IBinder onBind(Intent intent);

  public final native void stopSelf();

  public final native void startForeground(int id, Notification notification);

  public final native void startForeground(int id, Notification notification, int type);

  public final native Application getApplication();
}
