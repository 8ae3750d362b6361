// Declares what the example uses of Android's class of this name, for compiling only.
package android.app.job;

import android.content.ComponentName;

public class JobInfo {
  public static final int NETWORK_TYPE_UNMETERED = 2;

  public static final class Builder {
    public Builder(int id, ComponentName service) {}

    public native Builder setPeriodic(long millis);

    public native Builder setPersisted(boolean persisted);

    public native Builder setRequiredNetworkType(int type);

    public native JobInfo build();
  }
}
