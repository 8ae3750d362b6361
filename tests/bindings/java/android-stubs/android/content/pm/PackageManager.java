// Declares what the example uses of Android's class of this name, for compiling only.
package android.content.pm;

public abstract class PackageManager {
  public static final int PERMISSION_GRANTED = 0;
}
