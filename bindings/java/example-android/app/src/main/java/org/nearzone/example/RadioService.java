package org.nearzone.example;

import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.app.Service;
import android.bluetooth.BluetoothAdapter;
import android.bluetooth.BluetoothManager;
import android.content.Context;
import android.content.Intent;
import android.content.pm.ServiceInfo;
import android.os.Build;
import android.os.IBinder;

/**
 * Sends and hears for as long as the person wants it. It is a foreground service, so that the
 * system lets it live and the person sees that it does.
 */
public final class RadioService extends Service {
  private static final String CHANNEL = "radio";
  private static final int NOTIFICATION = 1;

  private Radio radio;
  private PhoneReceiver receiver;

  static void start(Context context) {
    Intent intent = new Intent(context, RadioService.class);
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.O) {
      context.startForegroundService(intent);
    } else {
      context.startService(intent);
    }
  }

  @Override
  public int onStartCommand(Intent intent, int flags, int startId) {
    goToForeground();
    BluetoothManager bluetooth = (BluetoothManager) getSystemService(Context.BLUETOOTH_SERVICE);
    BluetoothAdapter adapter = bluetooth.getAdapter();
    if (adapter == null) {
      stopSelf();
    } else if (radio == null) {
      radio = new Radio((ExampleApplication) getApplication(), adapter);
      receiver = new PhoneReceiver(radio);
      registerReceiver(receiver, PhoneReceiver.filter());
      radio.start();
      ((ExampleApplication) getApplication()).setRadio(radio);
    }
    return START_STICKY;
  }

  private void goToForeground() {
    Notification.Builder notification;
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.O) {
      NotificationManager manager =
          (NotificationManager) getSystemService(Context.NOTIFICATION_SERVICE);
      manager.createNotificationChannel(
          new NotificationChannel(CHANNEL, "Active", NotificationManager.IMPORTANCE_LOW));
      notification = new Notification.Builder(this, CHANNEL);
    } else {
      notification = new Notification.Builder(this);
    }
    notification.setSmallIcon(android.R.drawable.stat_sys_data_bluetooth)
        .setContentTitle("Looking out for phones nearby");
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
      startForeground(
          NOTIFICATION, notification.build(), ServiceInfo.FOREGROUND_SERVICE_TYPE_CONNECTED_DEVICE);
    } else if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) {
      startForeground(NOTIFICATION, notification.build(),
          ServiceInfo.FOREGROUND_SERVICE_TYPE_CONNECTED_DEVICE
              | ServiceInfo.FOREGROUND_SERVICE_TYPE_LOCATION);
    } else {
      startForeground(NOTIFICATION, notification.build());
    }
  }

  @Override
  public void onDestroy() {
    if (radio != null) {
      ((ExampleApplication) getApplication()).setRadio(null);
      unregisterReceiver(receiver);
      radio.stop();
    }
  }

  @Override
  public IBinder onBind(Intent intent) {
    return null;
  }
}
