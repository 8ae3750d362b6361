// Declares what the example uses of Android's class of this name, for compiling only.
package android.widget;

import android.content.Context;

public class Button extends TextView {
  public Button(Context context) {
    super(context);
  }
}
