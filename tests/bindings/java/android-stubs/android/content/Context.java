// Declares what the example uses of Android's class of this name, for compiling only.
package android.content;

import android.content.res.AssetManager;
import java.io.File;

public abstract class Context {
  public static final String ALARM_SERVICE = "";
  public static final String BATTERY_SERVICE = "";
  public static final String BLUETOOTH_SERVICE = "";
  public static final String JOB_SCHEDULER_SERVICE = "";
  public static final int MODE_PRIVATE = 0;
  public static final String NOTIFICATION_SERVICE = "";
  public static final String POWER_SERVICE = "";

  public native int checkSelfPermission(String permission);

  public native Context getApplicationContext();

  public native AssetManager getAssets();

  public native File getNoBackupFilesDir();

  public native String getPackageName();

  public native SharedPreferences getSharedPreferences(String name, int mode);

  public native Object getSystemService(String name);

  public native Intent registerReceiver(BroadcastReceiver receiver, IntentFilter filter);

  public native void unregisterReceiver(BroadcastReceiver receiver);

  public native void startActivity(Intent activity);

  public native ComponentName startForegroundService(Intent service);

  public native ComponentName startService(Intent service);
}
