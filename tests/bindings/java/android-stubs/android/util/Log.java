// Declares what the example uses of Android's class of this name, for compiling only.
package android.util;

public final class Log {
  public static native int i(String tag, String message);

  public static native int w(String tag, String message);
}
