package org.nearzone.example;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

/** Goes on after the phone was switched off and on. */
public final class BootReceiver extends BroadcastReceiver {
  @Override
  public void onReceive(Context context, Intent intent) {
    if (Intent.ACTION_BOOT_COMPLETED.equals(intent.getAction())
        && MainActivity.missingPermissions(context).length == 0) {
      RadioService.start(context);
    }
  }
}
