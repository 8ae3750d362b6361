package org.nearzone.example;

import android.bluetooth.BluetoothAdapter;
import android.bluetooth.BluetoothDevice;
import android.bluetooth.le.ScanResult;
import android.content.Context;
import android.os.BatteryManager;
import android.os.SystemClock;
import android.util.Log;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.nearzone.Action;
import org.nearzone.ActionKind;
import org.nearzone.Actions;
import org.nearzone.AirIdentity;
import org.nearzone.AppState;
import org.nearzone.Finding;
import org.nearzone.Form;
import org.nearzone.Heard;
import org.nearzone.HeardBy;
import org.nearzone.PhoneSystem;
import org.nearzone.Plan;
import org.nearzone.Planner;

/** Does what the planner says, when it says so. All of it runs on the worker. */
final class Radio {
  private static final String TAG = "NearZone";
  /** Bluetooth's own sign for a strength that is not known. */
  private static final int NO_RSSI = 127;

  /** After how long what failed is tried again. */
  private static final long RETRY_MILLIS = TimeUnit.MINUTES.toMillis(1);

  private final ExampleApplication application;
  private final BluetoothAdapter adapter;
  private final BatteryManager battery;
  private final Advertiser advertiser;
  private final Scanner scanner;
  private final Wakeup wakeup;
  private AirIdentity air;
  private Planner planner;
  private boolean bluetooth;
  private boolean notSent;
  private long retryMillis;
  private Reader reader;
  private byte[] asked;
  /** How strongly those who wait were heard last. */
  private final Map<ByteBuffer, Integer> strengths = new HashMap<>();

  Radio(ExampleApplication application, BluetoothAdapter adapter) {
    this.application = application;
    this.adapter = adapter;
    battery = (BatteryManager) application.getSystemService(Context.BATTERY_SERVICE);
    advertiser = new Advertiser(adapter, () -> application.worker().execute(this::sendingFailed));
    scanner = new Scanner(application, this, adapter);
    wakeup = new Wakeup(application);
  }

  void start() {
    application.worker().execute(() -> {
      try {
        air = Payload.air();
        bluetooth = adapter.isEnabled();
        planner = new Planner(air.getScheme(), Plan.of(air.getScheme(), PhoneSystem.ANDROID));
        follow();
      } catch (Exception failure) {
        Log.w(TAG, "not on the air: " + failure.getMessage());
      }
    });
  }

  void stop() {
    application.worker().execute(() -> {
      if (planner == null) {
        return;
      }
      wakeup.cancel();
      planner.close();
      planner = null;
      attempt("scan not ended", scanner::stop);
      attempt("still on the air", advertiser::stop);
      letGo();
      wakeup.letSleep();
    });
  }

  /** What it follows has changed: the time, for one. */
  void wake() {
    wakeup.stayAwake();
    application.worker().execute(this::follow);
  }

  /** Off, the system has stopped everything; nothing is to be stopped any more. */
  void setBluetooth(boolean on) {
    wakeup.stayAwake();
    application.worker().execute(() -> {
      if (!on) {
        advertiser.lost();
        attempt("not recorded", scanner::record);
        letGo();
      }
      bluetooth = on;
      follow();
    });
  }

  void renew() {
    application.worker().execute(() -> attempt("not renewed", () -> {
      if (planner != null) {
        planner.renew();
        follow();
      }
    }));
  }

  private void follow() {
    if (planner == null) {
      return;
    }
    long pauseMillis = RETRY_MILLIS;
    try {
      planner.setRadio(bluetooth);
      planner.setState(application.isOpen() ? AppState.FOREGROUND : AppState.BACKGROUND);
      int percent = battery.getIntProperty(BatteryManager.BATTERY_PROPERTY_CAPACITY);
      // Some phones do not say.
      if (percent >= 0 && percent <= 100) {
        planner.setBattery(percent, battery.isCharging());
      }
      if (notSent && SystemClock.elapsedRealtime() >= retryMillis) {
        notSent = false;
        planner.renew();
      }
      Actions todo = planner.advance(System.currentTimeMillis(), SystemClock.elapsedRealtime());
      pauseMillis = todo.getPauseMillis();
      for (Action action : todo.getActions()) {
        // The planner takes it for done: those behind it are to be done all the same.
        boolean done = attempt(action.getKind() + " failed", () -> carryOut(action));
        if (!done && action.getKind() == ActionKind.ADVERTISE) {
          sendingFailed();
        }
      }
    } catch (Exception failure) {
      Log.w(TAG, "off the air: " + failure.getMessage());
    }
    wakeup.in(notSent ? Math.min(pauseMillis, RETRY_MILLIS) : pauseMillis, this::follow);
  }

  private void sendingFailed() {
    notSent = true;
    retryMillis = SystemClock.elapsedRealtime() + RETRY_MILLIS;
  }

  private interface Work {
    void run() throws Exception;
  }

  private static boolean attempt(String otherwise, Work work) {
    try {
      work.run();
      return true;
    } catch (Exception failure) {
      Log.w(TAG, otherwise + ": " + failure.getMessage());
      return false;
    }
  }

  private void carryOut(Action action) throws Exception {
    switch (action.getKind()) {
      case ADVERTISE:
        advertiser.send(application.device().transmission(air, PhoneSystem.ANDROID),
            action.getLastsMillis());
        break;
      case STOP_ADVERTISING:
        advertiser.stop();
        break;
      case SCAN:
        scanner.start(air);
        break;
      case STOP_SCANNING:
        scanner.stop();
        strengths.clear();
        break;
      case CONNECT:
        asked = action.getPeer();
        reader = new Reader(application, this, adapter.getRemoteDevice(Arrays.copyOf(asked, 6)),
            air.getIosService(), air.getCharacteristic());
        break;
      case DISCONNECT:
        letGo();
        break;
      default:
        throw new AssertionError(action.getKind());
    }
  }

  private void letGo() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }

  void hear(ScanResult result, long timeMillis) {
    if (planner == null) {
      return;
    }
    try {
      Heard heard = air.decode(Form.SCAN_RECORD, result.getScanRecord().getBytes());
      if (heard.getFinding() == Finding.IDENTIFIER) {
        scanner.add(heard.toSighting(timeMillis, result.getRssi(), HeardBy.ADVERTISEMENT));
      } else if (heard.getFinding() != Finding.NOTHING) {
        byte[] peer = peer(result.getDevice());
        Heard known =
            planner.heard(peer, result.getRssi(), timeMillis, SystemClock.elapsedRealtime());
        if (known.getFinding() == Finding.IDENTIFIER) {
          scanner.add(known.toSighting(timeMillis, result.getRssi(), HeardBy.GATT));
        } else {
          strengths.put(ByteBuffer.wrap(peer), result.getRssi());
          follow();
        }
      }
    } catch (Exception failure) {
      Log.w(TAG, "not heard: " + failure.getMessage());
    }
  }

  void answered(Reader from, byte[] value) {
    if (planner == null || from != reader) {
      return;
    }
    long now = System.currentTimeMillis();
    try {
      Heard heard = value == null ? null : air.decode(Form.GATT_VALUE, value);
      planner.answered(asked, heard, now, SystemClock.elapsedRealtime());
      if (heard != null && heard.getFinding() == Finding.IDENTIFIER) {
        Integer rssi = strengths.get(ByteBuffer.wrap(asked));
        scanner.add(heard.toSighting(now, rssi == null ? NO_RSSI : rssi, HeardBy.GATT));
      }
    } catch (Exception failure) {
      Log.w(TAG, "not read: " + failure.getMessage());
    }
    letGo();
    follow();
  }

  private static byte[] peer(BluetoothDevice device) {
    byte[] peer = new byte[Planner.PEER_SIZE];
    String[] parts = device.getAddress().split(":");
    for (int i = 0; i < parts.length; ++i) {
      peer[i] = (byte) Integer.parseInt(parts[i], 16);
    }
    return peer;
  }
}
