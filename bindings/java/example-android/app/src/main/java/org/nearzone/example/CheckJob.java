package org.nearzone.example;

import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.app.job.JobInfo;
import android.app.job.JobParameters;
import android.app.job.JobScheduler;
import android.app.job.JobService;
import android.content.ComponentName;
import android.content.Context;
import android.os.Build;
import android.util.Log;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import org.nearzone.Cancellation;
import org.nearzone.Device;
import org.nearzone.ErrorCode;
import org.nearzone.MatchResult;
import org.nearzone.NearZoneException;
import org.nearzone.PublicKeys;

/**
 * Fetches the list twice a day and compares it with what was heard. The system may stop it at any
 * time, and end the process: what was done is kept, and the next run goes on from there.
 */
public final class CheckJob extends JobService {
  private static final String TAG = "NearZone";
  private static final String CHANNEL = "exposure";
  private static final int NOTIFICATION = 2;
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int JOB = 1;
  private static final long PERIOD_MILLIS = 12 * 3_600_000L;
  private static final String LIST_URL = "https://lists.example.org/latest.zip";

  private Cancellation cancellation;

  static void schedule(Context context) {
    JobScheduler scheduler = (JobScheduler) context.getSystemService(Context.JOB_SCHEDULER_SERVICE);
    scheduler.schedule(new JobInfo.Builder(JOB, new ComponentName(context, CheckJob.class))
                           .setPeriodic(PERIOD_MILLIS)
                           .setPersisted(true)
                           .setRequiredNetworkType(JobInfo.NETWORK_TYPE_UNMETERED)
                           .build());
  }

  @Override
  public boolean onStartJob(JobParameters parameters) {
    Cancellation stop = new Cancellation();
    cancellation = stop;
    ExampleApplication application = (ExampleApplication) getApplication();
    // Not the worker, which records meanwhile.
    new Thread(() -> {
      boolean again = false;
      try {
        Device device = application.worker().submit(application::device).get();
        MatchResult result = check(device, stop);
        // Never in the system's log, which others can read.
        if (!result.getExposures().isEmpty()) {
          tellOfExposures();
        }
        device.purge();
      } catch (NearZoneException failure) {
        again = failure.getCode() == ErrorCode.CANCELLED;
        Log.w(TAG, "not checked: " + failure.getMessage());
      } catch (Exception failure) {
        again = true;
        Log.w(TAG, "not checked: " + failure.getMessage());
      } finally {
        stop.close();
      }
      jobFinished(parameters, again);
    }, "check").start();
    return true;
  }

  @Override
  public boolean onStopJob(JobParameters parameters) {
    cancellation.cancel();
    return true;
  }

  private void tellOfExposures() {
    NotificationManager manager =
        (NotificationManager) getSystemService(Context.NOTIFICATION_SERVICE);
    Notification.Builder notification;
    if (Build.VERSION.SDK_INT >= 26) {
      manager.createNotificationChannel(new NotificationChannel(
          CHANNEL, "Exposures", NotificationManager.IMPORTANCE_HIGH));
      notification = new Notification.Builder(this, CHANNEL);
    } else {
      notification = new Notification.Builder(this);
    }
    // Without a day or a number: it may lie in sight on the table.
    manager.notify(NOTIFICATION,
        notification.setSmallIcon(android.R.drawable.stat_sys_data_bluetooth)
            .setContentTitle("NearZone has news for you")
            .build());
  }

  private MatchResult check(Device device, Cancellation stop)
      throws NearZoneException, IOException {
    File list = new File(getNoBackupFilesDir(), "list");
    try (PublicKeys keys = new PublicKeys()) {
      try (InputStream in = getAssets().open("authority.pem")) {
        ByteArrayOutputStream pem = new ByteArrayOutputStream();
        copy(in, pem);
        keys.add(pem.toByteArray());
      }
      fetch(list);
      return device.check(list, keys, stop);
    }
  }

  /** Replaces the list once the new one is there whole. */
  private void fetch(File list) throws IOException {
    File partial = new File(list.getPath() + ".partial");
    HttpURLConnection connection = (HttpURLConnection) new URL(LIST_URL).openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    try (InputStream in = connection.getInputStream();
         OutputStream out = new FileOutputStream(partial)) {
      copy(in, out);
    } finally {
      connection.disconnect();
    }
    if (!partial.renameTo(list)) {
      throw new IOException("the list could not be put in its place");
    }
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] piece = new byte[1 << 16];
    for (int size = in.read(piece); size >= 0; size = in.read(piece)) {
      out.write(piece, 0, size);
    }
  }
}
