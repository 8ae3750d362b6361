// Declares what the example uses of Android's class of this name, for compiling only.
package android.widget;

import android.content.Context;
import android.view.View;

public class TextView extends View {
  public TextView(Context context) {
    super(context);
  }

  public final native void setText(CharSequence text);
}
