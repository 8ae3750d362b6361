package org.nearzone;

import org.jetbrains.annotations.NotNull;

/**
 * One HTTP request to make: a POST of the body with {@code Content-Type: application/json} and the
 * marking header with the value 1, and nothing else that tells a real upload from cover traffic.
 * Immutable, and safe from any thread.
 */
public final class UploadRequest implements AutoCloseable {
  private final State state;
  private final UploadStep step;
  private final UploadServer server;
  private final boolean chaff;
  private final String path;
  private final String markingHeader;
  private final byte[] body;

  private static final class State extends NativeHandle {
    State(UploadRequest owner, long address) {
      super(owner, address, null);
    }

    @Override
    void free(long address) {
      Native.uploadRequestFree(address);
    }
  }

  UploadRequest(long address) throws NearZoneException {
    state = new State(this, address);
    Unpacked in = new Unpacked(Native.uploadRequestInfo(address));
    step = UploadStep.of(in.int32());
    server = UploadServer.of(in.int32());
    chaff = in.flag();
    path = in.text();
    markingHeader = in.text();
    body = in.bytes(in.int32());
  }

  NativeHandle.Use use() {
    return state.use();
  }

  /** {@return which request of an upload it is} */
  public @NotNull UploadStep getStep() {
    return step;
  }

  /** {@return which server it goes to} */
  public @NotNull UploadServer getServer() {
    return server;
  }

  /** {@return whether it is cover traffic} */
  public boolean isChaff() {
    return chaff;
  }

  /** {@return the path below the server's base URL, with a slash in front} */
  public @NotNull String getPath() {
    return path;
  }

  /** {@return the name of the header whose value is 1} */
  public @NotNull String getMarkingHeader() {
    return markingHeader;
  }

  /** {@return a copy of what is to be sent} */
  public byte @NotNull[] getBody() {
    return body.clone();
  }

  /** Shows nothing of the body. */
  @Override
  public @NotNull String toString() {
    return "UploadRequest{step=" + step + "}";
  }

  /** Lets go of it. May be called again. */
  @Override
  public void close() {
    state.close();
  }
}
