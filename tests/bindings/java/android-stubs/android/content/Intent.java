// Declares what the example uses of Android's class of this name, for compiling only.
package android.content;

public class Intent {
  public static final String ACTION_BOOT_COMPLETED = "";

  public Intent(Context context, Class<?> type) {}

  public native String getAction();
}
