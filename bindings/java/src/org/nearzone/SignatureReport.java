package org.nearzone;

import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * What came of verifying a list, and why.
 */
public final class SignatureReport {
  private final SignatureOutcome outcome;
  private final long publicKey;
  private final long signature;
  private final String detail;

  SignatureReport(Unpacked in) {
    outcome = SignatureOutcome.of(in.int32());
    publicKey = in.int64();
    signature = in.int64();
    detail = in.text();
  }

  /** {@return what came of it} */
  public @NotNull SignatureOutcome getOutcome() {
    return outcome;
  }

  /** {@return where verified, the index of the key that did it} */
  public long getPublicKey() {
    return publicKey;
  }

  /** {@return where verified, the index of the signature} */
  public long getSignature() {
    return signature;
  }

  /** {@return one sentence that says which rule decided} */
  public @NotNull String getDetail() {
    return detail;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof SignatureReport)) {
      return false;
    }
    SignatureReport that = (SignatureReport) other;
    return outcome == that.outcome && publicKey == that.publicKey && signature == that.signature
        && Objects.equals(detail, that.detail);
  }

  @Override
  public int hashCode() {
    return Objects.hash(outcome, publicKey, signature, detail);
  }

  @Override
  public @NotNull String toString() {
    return "SignatureReport{outcome=" + outcome + ", publicKey=" + publicKey
        + ", signature=" + signature + ", detail=" + detail + "}";
  }
}
