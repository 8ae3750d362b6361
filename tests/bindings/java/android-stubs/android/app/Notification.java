// Declares what the example uses of Android's class of this name, for compiling only.
package android.app;

import android.content.Context;

public class Notification {
  public static class Builder {
    public Builder(Context context) {}

    public Builder(Context context, String channel) {}

    public native Builder setSmallIcon(int icon);

    public native Builder setContentTitle(CharSequence title);

    public native Notification build();
  }
}
