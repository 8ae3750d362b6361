// Declares what the example uses of Android's class of this name, for compiling only.
package android.app;

import android.content.Context;

public class Application extends Context {}
