// Declares what the example uses of Android's class of this name, for compiling only.
package android.content.res;

import java.io.IOException;
import java.io.InputStream;

public final class AssetManager {
  public native InputStream open(String name) throws IOException;
}
