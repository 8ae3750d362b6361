// Declares what the example uses of Android's class of this name, for compiling only.
package android.app;

import android.content.Context;
import android.content.Intent;

public final class PendingIntent {
  public static final int FLAG_IMMUTABLE = 1 << 26;

  public static native PendingIntent getBroadcast(
      Context context, int request, Intent intent, int flags);
}
