// Declares what the example uses of Android's class of this name, for compiling only.
package android.content;

public class IntentFilter {
  public IntentFilter(String action) {}

  public final native void addAction(String action);
}
