// Declares what the example uses of Android's class of this name, for compiling only.
package android.security.keystore;

import java.security.spec.AlgorithmParameterSpec;

public final class KeyGenParameterSpec implements AlgorithmParameterSpec {
  public static final class Builder {
    public Builder(String alias, int purposes) {}

    public native Builder setBlockModes(String... modes);

    public native Builder setEncryptionPaddings(String... paddings);

    public native Builder setKeySize(int bits);

    public native KeyGenParameterSpec build();
  }
}
