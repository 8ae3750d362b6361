// Declares what the example uses of Android's class of this name, for compiling only.
package android.app.job;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;

public abstract class JobService extends Service {
  @Override public final native IBinder onBind(Intent intent);

  public abstract boolean onStartJob(JobParameters parameters);

  public abstract boolean onStopJob(JobParameters parameters);

  public final native void jobFinished(JobParameters parameters, boolean again);
}
