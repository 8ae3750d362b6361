package org.nearzone;

import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * What a list says about one of its signatures.
 */
public final class SignatureInfo {
  private final String keyId;
  private final String keyVersion;
  private final String algorithm;

  SignatureInfo(Unpacked in) {
    keyId = in.text();
    keyVersion = in.text();
    algorithm = in.text();
  }

  /** {@return which key made it} */
  public @NotNull String getKeyId() {
    return keyId;
  }

  /** {@return which version of the key} */
  public @NotNull String getKeyVersion() {
    return keyVersion;
  }

  /** {@return which algorithm, as an object identifier} */
  public @NotNull String getAlgorithm() {
    return algorithm;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof SignatureInfo)) {
      return false;
    }
    SignatureInfo that = (SignatureInfo) other;
    return Objects.equals(keyId, that.keyId) && Objects.equals(keyVersion, that.keyVersion)
        && Objects.equals(algorithm, that.algorithm);
  }

  @Override
  public int hashCode() {
    return Objects.hash(keyId, keyVersion, algorithm);
  }

  @Override
  public @NotNull String toString() {
    return "SignatureInfo{keyId=" + keyId + ", keyVersion=" + keyVersion
        + ", algorithm=" + algorithm + "}";
  }
}
