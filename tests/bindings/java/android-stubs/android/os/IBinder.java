// Declares what the example uses of Android's class of this name, for compiling only.
package android.os;

public interface IBinder {}
