package org.nearzone;

import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * How far a match is.
 */
public final class MatchReport {
  private final boolean done;
  private final boolean known;
  private final SignatureOutcome signature;
  private final long keysInList;
  private final long keysTried;
  private final long keysRefused;

  MatchReport(Unpacked in) {
    done = in.flag();
    known = in.flag();
    signature = SignatureOutcome.of(in.int32());
    keysInList = in.int64();
    keysTried = in.int64();
    keysRefused = in.int64();
  }

  /** {@return whether the exposures are complete, and stored} */
  public boolean isDone() {
    return done;
  }

  /** {@return whether the list was matched before, and nothing recorded since matters} */
  public boolean isKnown() {
    return known;
  }

  /** {@return what came of verifying the list} */
  public @NotNull SignatureOutcome getSignature() {
    return signature;
  }

  /** {@return how many keys the list has} */
  public long getKeysInList() {
    return keysInList;
  }

  /** {@return how many of them were compared with what was heard} */
  public long getKeysTried() {
    return keysTried;
  }

  /** {@return how many no honest list holds} */
  public long getKeysRefused() {
    return keysRefused;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof MatchReport)) {
      return false;
    }
    MatchReport that = (MatchReport) other;
    return done == that.done && known == that.known && signature == that.signature
        && keysInList == that.keysInList && keysTried == that.keysTried
        && keysRefused == that.keysRefused;
  }

  @Override
  public int hashCode() {
    return Objects.hash(done, known, signature, keysInList, keysTried, keysRefused);
  }

  @Override
  public @NotNull String toString() {
    return "MatchReport{done=" + done + ", known=" + known + ", signature=" + signature
        + ", keysInList=" + keysInList + ", keysTried=" + keysTried + ", keysRefused=" + keysRefused
        + "}";
  }
}
