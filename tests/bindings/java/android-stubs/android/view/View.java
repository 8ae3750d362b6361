// Declares what the example uses of Android's class of this name, for compiling only.
package android.view;

import android.content.Context;

public class View {
  public View(Context context) {}

  public native void setOnClickListener(OnClickListener listener);

  public interface OnClickListener {
    void onClick(View view);
  }
}
