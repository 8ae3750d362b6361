// Declares what the example uses of Android's class of this name, for compiling only.
package android;

public final class R {
  public static final class drawable {
    public static final int stat_sys_data_bluetooth = 0;
  }
}
