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
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.nearzone.Action;
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

  private final ExampleApplication application;
  private final BluetoothAdapter adapter;
  private final BatteryManager battery;
  private final Advertiser advertiser;
  private final Scanner scanner;
  private AirIdentity air;
  private Planner planner;
  private Future<?> next;
  private Reader reader;
  private byte[] asked;
  /** How strongly those who wait were heard last. */
  private final Map<ByteBuffer, Integer> strengths = new HashMap<>();

  Radio(ExampleApplication application, BluetoothAdapter adapter) {
    this.application = application;
    this.adapter = adapter;
    battery = (BatteryManager) application.getSystemService(Context.BATTERY_SERVICE);
    // Phones without an advertiser hear others all the same.
    advertiser = adapter.getBluetoothLeAdvertiser() == null
        ? null
        : new Advertiser(adapter.getBluetoothLeAdvertiser());
    scanner = new Scanner(application, this, adapter.getBluetoothLeScanner());
  }

  void start() {
    application.worker().execute(() -> {
      try {
        air = Payload.air();
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
      next.cancel(false);
      planner.close();
      planner = null;
      scanner.stop();
      if (advertiser != null) {
        advertiser.stop();
      }
      letGo();
    });
  }

  void renew() {
    application.worker().execute(() -> {
      try {
        if (planner != null) {
          planner.renew();
          follow();
        }
      } catch (Exception failure) {
        Log.w(TAG, "not renewed: " + failure.getMessage());
      }
    });
  }

  /** Also to be called when the phone's clock was set (Intent.ACTION_TIME_CHANGED). */
  private void follow() {
    if (planner == null) {
      return;
    }
    if (next != null) {
      next.cancel(false);
    }
    long pauseMillis = TimeUnit.MINUTES.toMillis(1);
    try {
      planner.setState(application.isOpen() ? AppState.FOREGROUND : AppState.BACKGROUND);
      planner.setBattery(
          battery.getIntProperty(BatteryManager.BATTERY_PROPERTY_CAPACITY), battery.isCharging());
      Actions todo = planner.advance(System.currentTimeMillis(), SystemClock.elapsedRealtime());
      pauseMillis = todo.getPauseMillis();
      for (Action action : todo.getActions()) {
        carryOut(action);
      }
    } catch (Exception failure) {
      Log.w(TAG, "off the air: " + failure.getMessage());
    }
    next = application.worker().schedule(this::follow, pauseMillis, TimeUnit.MILLISECONDS);
  }

  private void carryOut(Action action) throws Exception {
    switch (action.getKind()) {
      case ADVERTISE:
        if (advertiser != null) {
          advertiser.send(application.device().transmission(air, PhoneSystem.ANDROID));
        }
        break;
      case STOP_ADVERTISING:
        if (advertiser != null) {
          advertiser.stop();
        }
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
