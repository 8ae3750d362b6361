package org.nearzone.example;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

/** A pause of the radio is over. */
public final class AlarmReceiver extends BroadcastReceiver {
  @Override
  public void onReceive(Context context, Intent intent) {
    Radio onAir = ((ExampleApplication) context.getApplicationContext()).radio();
    if (onAir != null) {
      onAir.wake();
    }
  }
}
