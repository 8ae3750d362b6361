// Declares what the example uses of Android's class of this name, for compiling only.
package android.bluetooth.le;

public final class PeriodicAdvertisingParameters {}
