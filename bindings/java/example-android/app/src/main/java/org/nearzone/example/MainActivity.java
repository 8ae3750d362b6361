package org.nearzone.example;

import android.Manifest;
import android.app.Activity;
import android.content.Context;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.net.Uri;
import android.os.Build;
import android.os.Bundle;
import android.os.PowerManager;
import android.provider.Settings;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.TextView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.nearzone.Consent;
import org.nearzone.Disclosure;
import org.nearzone.Exposure;

/** Three buttons: on, what was found, and giving keys away. */
public final class MainActivity extends Activity {
  // What permissions are asked for.
  private static final int TO_BE_ON = 1;
  private static final int TO_TELL = 2;

  private static final int KEY_DAYS = 14;

  private TextView text;

  @Override
  protected void onStart() {
    super.onStart();
    ((ExampleApplication) getApplication()).setOpen(true);
  }

  @Override
  protected void onStop() {
    ((ExampleApplication) getApplication()).setOpen(false);
    super.onStop();
  }

  @Override
  protected void onCreate(Bundle state) {
    super.onCreate(state);
    LinearLayout layout = new LinearLayout(this);
    layout.setOrientation(LinearLayout.VERTICAL);
    text = new TextView(this);
    layout.addView(text);
    button(layout, "Switch on", this::switchOn);
    button(layout, "What was found", () -> show(this::findings));
    button(layout, "I am ill and agree to publish my keys", () -> show(this::publish));
    setContentView(layout);
  }

  private void button(LinearLayout layout, String label, Runnable action) {
    Button button = new Button(this);
    button.setText(label);
    button.setOnClickListener(view -> action.run());
    layout.addView(button);
  }

  private void switchOn() {
    String[] missing = missingPermissions(this);
    if (missing.length > 0) {
      requestPermissions(missing, TO_BE_ON);
      return;
    }
    // Nothing is lost without it but the news of an exposure outside the app.
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU
        && checkSelfPermission(Manifest.permission.POST_NOTIFICATIONS)
            != PackageManager.PERMISSION_GRANTED) {
      requestPermissions(new String[] {Manifest.permission.POST_NOTIFICATIONS}, TO_TELL);
    }
    PowerManager power = (PowerManager) getSystemService(Context.POWER_SERVICE);
    if (!power.isIgnoringBatteryOptimizations(getPackageName())) {
      // Without it a phone that lies still all night wakes the app too seldom.
      startActivity(new Intent(Settings.ACTION_REQUEST_IGNORE_BATTERY_OPTIMIZATIONS,
          Uri.fromParts("package", getPackageName(), null)));
    }
    RadioService.start(this);
    CheckJob.schedule(this);
    text.setText("It is on.");
  }

  @Override
  public void onRequestPermissionsResult(int request, String[] permissions, int[] results) {
    if (request == TO_TELL) {
      return;
    }
    if (missingPermissions(this).length == 0) {
      switchOn();
    } else {
      text.setText("Without these permissions no phone nearby can be heard.");
    }
  }

  static String[] missingPermissions(Context context) {
    List<String> needed = new ArrayList<>();
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
      needed.add(Manifest.permission.BLUETOOTH_SCAN);
      needed.add(Manifest.permission.BLUETOOTH_ADVERTISE);
      needed.add(Manifest.permission.BLUETOOTH_CONNECT);
    } else {
      needed.add(Manifest.permission.ACCESS_FINE_LOCATION);
    }
    List<String> missing = new ArrayList<>();
    for (String permission : needed) {
      if (context.checkSelfPermission(permission) != PackageManager.PERMISSION_GRANTED) {
        missing.add(permission);
      }
    }
    return missing.toArray(new String[0]);
  }

  private ExampleApplication application() {
    return (ExampleApplication) getApplication();
  }

  /** Shows what the worker gives. */
  private void show(Callable<String> work) {
    application().worker().execute(() -> {
      String shown;
      try {
        shown = work.call();
      } catch (Exception failure) {
        shown = failure.getMessage();
      }
      String last = shown;
      runOnUiThread(() -> text.setText(last));
    });
  }

  private String findings() throws Exception {
    long minutes = 0;
    List<Exposure> exposures = application().device().exposures();
    for (Exposure exposure : exposures) {
      minutes += exposure.getDurationMillis() / 60_000;
    }
    return exposures.size() + " exposures, " + minutes + " minutes";
  }

  /** Called by the button with which the person agrees, and by nothing else. */
  private String publish() throws Exception {
    try (Disclosure disclosure =
             application().device().disclose(Consent.THE_PERSON_CONSENTS, KEY_DAYS)) {
      application().keysGivenAway();
      int keys = disclosure.take().size();
      // An app sends them to its authority here, with the code that proves the test.
      return keys + " keys to publish";
    }
  }
}
