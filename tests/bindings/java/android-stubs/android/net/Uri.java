// Declares what the example uses of Android's class of this name, for compiling only.
package android.net;

public abstract class Uri {
  public static native Uri fromParts(String scheme, String part, String fragment);
}
