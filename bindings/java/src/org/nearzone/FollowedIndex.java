package org.nearzone;

import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * An index of lists being followed: what is new, and what to fetch next. What was done is kept,
 * sealed, in the device's log. Safe from any thread.
 *
 * <pre>{@code
 * for (Fetch fetch = index.next(); fetch != null; fetch = index.next()) {
 *   Answer answer = get(baseUrl + fetch.getPath(), fetch.getEtag());
 *   if (fetch.isIndex()) {
 *     index.answered(answer.status, answer.body, answer.etag, answer.retryAfterMillis);
 *   } else {
 *     index.listHandled(fetch.getPath(), match(answer), -1);
 *   }
 * }
 * }</pre>
 */
public final class FollowedIndex implements AutoCloseable {
  private final State state;

  private static final class State extends NativeHandle {
    State(FollowedIndex owner, long address) {
      super(owner, address, null);
    }

    @Override
    void free(long address) {
      Native.indexFree(address);
    }
  }

  FollowedIndex(long address) {
    state = new State(this, address);
  }

  /**
   * What to fetch now. The same again, until it is answered.
   *
   * @return the request to make, or null where there is none before {@link #status} says
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public @Nullable Fetch next() throws NearZoneException {
    try (NativeHandle.Use index = state.use()) {
      Unpacked in = new Unpacked(Native.indexNext(index.address()));
      in.int64();
      return in.hasMore() ? new Fetch(in) : null;
    }
  }

  /**
   * Takes the answer to a request for the index.
   *
   * @param httpStatus 0 where no answer came
   * @param body what came back
   * @param etag the header ETag, or null
   * @param retryAfterMillis of the header Retry-After, or negative
   * @throws NearZoneException with {@link ErrorCode#LIMIT_EXCEEDED} or {@link ErrorCode#CORRUPT} on
   *     an index that cannot be; with {@link ErrorCode#NOT_FOUND} or {@link ErrorCode#IO} where
   *     there is none; or as the log does. The index then knows when to ask again.
   */
  public void answered(int httpStatus, byte @NotNull[] body, @Nullable String etag,
      long retryAfterMillis) throws NearZoneException {
    Objects.requireNonNull(body, "body");
    try (NativeHandle.Use index = state.use()) {
      Native.indexAnswered(index.address(), httpStatus, body, Packed.text(etag == null ? "" : etag),
          retryAfterMillis);
    }
  }

  /**
   * Says what became of the list that {@link #next} gave.
   *
   * @param path its path
   * @param outcome what became of it
   * @param retryAfterMillis of the header Retry-After, or negative
   * @throws NearZoneException with {@link ErrorCode#NOT_FOUND} where it is another list; or as the
   *     log does
   */
  public void listHandled(@NotNull String path, @NotNull ListOutcome outcome, long retryAfterMillis)
      throws NearZoneException {
    try (NativeHandle.Use index = state.use()) {
      Native.indexListHandled(
          index.address(), Packed.text(path), outcome.number(), retryAfterMillis);
    }
  }

  /**
   * How far it is.
   *
   * @return the counts, and when to ask again
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public @NotNull IndexStatus status() throws NearZoneException {
    try (NativeHandle.Use index = state.use()) {
      return new IndexStatus(new Unpacked(Native.indexStatus(index.address())));
    }
  }

  /** Lets go of it; what was done is kept. May be called again. */
  @Override
  public void close() {
    state.close();
  }
}
