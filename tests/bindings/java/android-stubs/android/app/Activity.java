// Declares what the example uses of Android's class of this name, for compiling only.
package android.app;

import android.content.Context;
import android.os.Bundle;
import android.view.View;

public class Activity extends Context {
  protected native void onCreate(Bundle state);

  protected native void onStart();

  protected native void onStop();

  public native void setContentView(View view);

  public final native void requestPermissions(String[] permissions, int request);

  public native void onRequestPermissionsResult(int request, String[] permissions, int[] results);

  public final native void runOnUiThread(Runnable action);

  public final native Application getApplication();
}
