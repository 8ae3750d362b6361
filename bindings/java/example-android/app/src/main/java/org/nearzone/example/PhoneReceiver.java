package org.nearzone.example;

import android.bluetooth.BluetoothAdapter;
import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.content.IntentFilter;

/** Tells the radio that Bluetooth was switched, or the clock set. */
final class PhoneReceiver extends BroadcastReceiver {
  private final Radio radio;

  PhoneReceiver(Radio radio) {
    this.radio = radio;
  }

  static IntentFilter filter() {
    IntentFilter filter = new IntentFilter(BluetoothAdapter.ACTION_STATE_CHANGED);
    filter.addAction(Intent.ACTION_TIME_CHANGED);
    return filter;
  }

  @Override
  public void onReceive(Context context, Intent intent) {
    if (Intent.ACTION_TIME_CHANGED.equals(intent.getAction())) {
      radio.wake();
      return;
    }
    int state = intent.getIntExtra(BluetoothAdapter.EXTRA_STATE, BluetoothAdapter.STATE_OFF);
    radio.setBluetooth(state == BluetoothAdapter.STATE_ON);
  }
}
