// Declares what the example uses of Android's class of this name, for compiling only.
package android.security.keystore;

public abstract class KeyProperties {
  public static final String BLOCK_MODE_GCM = "";
  public static final String ENCRYPTION_PADDING_NONE = "";
  public static final String KEY_ALGORITHM_AES = "";
  public static final int PURPOSE_DECRYPT = 2;
  public static final int PURPOSE_ENCRYPT = 1;
}
