package org.nearzone;

import java.util.Arrays;
import java.util.List;
import org.jetbrains.annotations.NotNull;

/** The keys that a person consented to publish. Safe from any thread. */
public final class Disclosure implements AutoCloseable {
  private final State state;

  private static final class State extends NativeHandle {
    State(Disclosure owner, long address) {
      super(owner, address, null);
    }

    @Override
    void free(long address) {
      Native.disclosureFree(address);
    }
  }

  Disclosure(long address) {
    state = new State(this, address);
  }

  /**
   * How many keys there are.
   *
   * @return the number
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public int size() throws NearZoneException {
    try (NativeHandle.Use disclosure = state.use()) {
      return Native.disclosureSize(disclosure.address());
    }
  }

  /**
   * Hands the keys out, once.
   *
   * @return the keys
   * @throws IllegalStateException where they were taken before
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public @NotNull List<PublishedKey> take() throws NearZoneException {
    byte[] keys;
    try (NativeHandle.Use disclosure = state.use()) {
      keys = Native.disclosureTake(disclosure.address());
    }
    try {
      return PublishedKey.unpackReported(keys);
    } finally {
      Arrays.fill(keys, (byte) 0);
    }
  }

  /** Wipes keys that were not taken. May be called again. */
  @Override
  public void close() {
    state.close();
  }
}
