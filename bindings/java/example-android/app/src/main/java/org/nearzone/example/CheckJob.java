package org.nearzone.example;

import android.app.job.JobInfo;
import android.app.job.JobParameters;
import android.app.job.JobScheduler;
import android.app.job.JobService;
import android.content.ComponentName;
import android.content.Context;
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
        Log.i(TAG, "exposures in the new list: " + result.getExposures().size());
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
