// Declares what the example uses of Android's class of this name, for compiling only.
package android.content;

public final class ComponentName {
  public ComponentName(Context context, Class<?> type) {}
}
