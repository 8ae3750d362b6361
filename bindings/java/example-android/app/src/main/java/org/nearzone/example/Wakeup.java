package org.nearzone.example;

import android.app.AlarmManager;
import android.app.PendingIntent;
import android.content.Context;
import android.content.Intent;
import android.os.Build;
import android.os.PowerManager;
import android.os.SystemClock;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Does something later, also where the phone sleeps by then: Java's own timers stand still in deep
 * sleep. Short pauses are spent awake, long ones end by an alarm. On the worker only.
 */
final class Wakeup {
  /** About as often as that an alarm may wake a phone. */
  private static final long AWAKE_MILLIS = 60_000;
  /** For what is done then; it is let go of earlier when the next pause begins. */
  private static final long WORK_MILLIS = 10_000;

  private final ExampleApplication application;
  private final AlarmManager alarms;
  private final PowerManager.WakeLock awake;
  private final PendingIntent alarm;
  private Future<?> next;

  Wakeup(ExampleApplication application) {
    this.application = application;
    alarms = (AlarmManager) application.getSystemService(Context.ALARM_SERVICE);
    PowerManager power = (PowerManager) application.getSystemService(Context.POWER_SERVICE);
    awake = power.newWakeLock(PowerManager.PARTIAL_WAKE_LOCK, "nearzone:radio");
    awake.setReferenceCounted(false);
    alarm = PendingIntent.getBroadcast(application, 0,
        new Intent(application, AlarmReceiver.class), PendingIntent.FLAG_IMMUTABLE);
  }

  /** The phone stays awake from now until the next pause begins. From any thread. */
  void stayAwake() {
    awake.acquire(WORK_MILLIS);
  }

  /** In place of what was to be done before. */
  void in(long pauseMillis, Runnable work) {
    cancel();
    next = application.worker().schedule(work, pauseMillis, TimeUnit.MILLISECONDS);
    if (pauseMillis <= AWAKE_MILLIS) {
      awake.acquire(pauseMillis + WORK_MILLIS);
      return;
    }
    long at = SystemClock.elapsedRealtime() + pauseMillis;
    if (Build.VERSION.SDK_INT < Build.VERSION_CODES.S || alarms.canScheduleExactAlarms()) {
      alarms.setExactAndAllowWhileIdle(AlarmManager.ELAPSED_REALTIME_WAKEUP, at, alarm);
    } else {
      alarms.setAndAllowWhileIdle(AlarmManager.ELAPSED_REALTIME_WAKEUP, at, alarm);
    }
    letSleep();
  }

  void cancel() {
    if (next != null) {
      next.cancel(false);
    }
    alarms.cancel(alarm);
  }

  void letSleep() {
    if (awake.isHeld()) {
      awake.release();
    }
  }
}
