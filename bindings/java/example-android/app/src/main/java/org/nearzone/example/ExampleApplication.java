package org.nearzone.example;

import android.app.Application;
import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.nearzone.Device;
import org.nearzone.DeviceConfig;
import org.nearzone.NearZoneException;

/** Holds the device, and the one thread that everything slow is done on. */
public final class ExampleApplication extends Application {
  private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor();
  private volatile boolean open;
  private volatile Radio radio;
  private Device device;

  ScheduledExecutorService worker() {
    return worker;
  }

  /** Whether the person looks at it. */
  boolean isOpen() {
    return open;
  }

  void setOpen(boolean looking) {
    open = looking;
  }

  /** Null while nothing is on the air. */
  void setRadio(Radio onAir) {
    radio = onAir;
  }

  /** Null while nothing is on the air. */
  Radio radio() {
    return radio;
  }

  /** What is sent from now on is derived from other keys. */
  void keysGivenAway() {
    Radio onAir = radio;
    if (onAir != null) {
      onAir.renew();
    }
  }

  /** The device, opened at its first use. On the worker only. */
  Device device() throws NearZoneException, GeneralSecurityException, IOException {
    if (device == null) {
      KeyStoreSecret secret = new KeyStoreSecret(this);
      byte[] root = secret.rootSecret();
      try {
        DeviceConfig config = DeviceConfig.builder().leastCounter(secret.leastCounter()).build();
        device = Device.open(new File(getNoBackupFilesDir(), "nearzone"), root, config);
      } finally {
        Arrays.fill(root, (byte) 0);
      }
      secret.keepCounter(device.counter());
    }
    return device;
  }
}
