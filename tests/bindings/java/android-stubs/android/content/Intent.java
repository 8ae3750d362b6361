// Declares what the example uses of Android's class of this name, for compiling only.
package android.content;

import android.net.Uri;

public class Intent {
  public static final String ACTION_BOOT_COMPLETED = "";

  public static final String ACTION_TIME_CHANGED = "";

  public Intent(Context context, Class<?> type) {}

  public Intent(String action, Uri data) {}

  public native String getAction();

  public native int getIntExtra(String name, int otherwise);
}
