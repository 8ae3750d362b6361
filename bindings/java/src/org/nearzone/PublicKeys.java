package org.nearzone;

import java.nio.charset.StandardCharsets;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/** Keys that lists are verified with. Safe from any thread. */
public final class PublicKeys implements AutoCloseable {
  private final State state;

  private static final class State extends NativeHandle {
    State(PublicKeys owner, long address) {
      super(owner, address, null);
    }

    @Override
    void free(long address) {
      Native.publicKeysFree(address);
    }
  }

  /** No keys. */
  public PublicKeys() {
    state = new State(this, Native.publicKeysNew());
  }

  /**
   * Adds a P-256 or Ed25519 key.
   *
   * @param pemOrDer the key, in PEM or DER
   * @throws NearZoneException where it is no such key
   */
  public void add(byte @NotNull[] pemOrDer) throws NearZoneException {
    try (NativeHandle.Use keys = state.use()) {
      Native.publicKeysAdd(keys.address(), pemOrDer);
    }
  }

  /**
   * Adds a P-256 or Ed25519 key.
   *
   * @param pem the key, in PEM
   * @throws NearZoneException where it is no such key
   */
  public void add(@NotNull String pem) throws NearZoneException {
    add(pem.getBytes(StandardCharsets.UTF_8));
  }

  /** Lets go of the keys; what uses them goes on. May be called again. */
  @Override
  public void close() {
    state.close();
  }

  static NativeHandle.Use use(@Nullable PublicKeys keys) {
    return NativeHandle.use(keys == null ? null : keys.state);
  }
}
