// Declares what the example uses of Android's class of this name, for compiling only.
package android.app.job;

public class JobParameters {}
