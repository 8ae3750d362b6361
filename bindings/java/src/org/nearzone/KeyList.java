package org.nearzone;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jetbrains.annotations.NotNull;
import org.jetbrains.annotations.Nullable;

/**
 * A list of published keys, of any format. Opening it recognises the format and reads the whole
 * structure once, so that a damaged list is refused whole. Safe from any thread.
 */
public final class KeyList implements AutoCloseable {
  private static final int STREAM_PIECE = 1 << 16;

  private final State state;

  private static final class State extends NativeHandle {
    State(KeyList owner, long address, @Nullable ByteBuffer borrowed) {
      super(owner, address, borrowed);
    }

    @Override
    void free(long address) {
      Native.listFree(address);
    }
  }

  private KeyList(long address, @Nullable ByteBuffer borrowed) {
    state = new State(this, address, borrowed);
  }

  /**
   * Opens a list with the default options.
   *
   * @param file the list, which must not change while it is open
   * @return the list
   * @throws NearZoneException with {@link ErrorCode#CORRUPT}, {@link ErrorCode#LIMIT_EXCEEDED},
   *     {@link ErrorCode#UNSUPPORTED}, {@link ErrorCode#NEWER_FORMAT},
   *     {@link ErrorCode#NOT_FOUND}, {@link ErrorCode#IO}
   */
  public static @NotNull KeyList open(@NotNull File file) throws NearZoneException {
    return open(file, ListConfig.builder().build(), null);
  }

  /**
   * Opens a list.
   *
   * @param file the list, which must not change while it is open
   * @param config how to read it
   * @param cancellation what ends the opening early, or null
   * @return the list
   * @throws NearZoneException as {@link #open(File)}, and with {@link ErrorCode#CANCELLED}
   */
  public static @NotNull KeyList open(@NotNull File file, @NotNull ListConfig config,
      @Nullable Cancellation cancellation) throws NearZoneException {
    try (NativeHandle.Use cancel = Cancellation.use(cancellation)) {
      return new KeyList(
          Native.listOpenFile(Packed.path(file), config.packed, cancel.address()), null);
    }
  }

  /**
   * Opens a list that is in memory, with the default options.
   *
   * @param bytes as {@link #open(ByteBuffer, ListConfig, Cancellation)}
   * @return the list
   * @throws NearZoneException as {@link #open(File)}
   */
  public static @NotNull KeyList open(@NotNull ByteBuffer bytes) throws NearZoneException {
    return open(bytes, ListConfig.builder().build(), null);
  }

  /**
   * Opens a list that is in memory.
   *
   * @param bytes the list, from position to limit, which stay. A direct buffer is used as it is,
   *     and must not be written to as long as the list or a match of it is open; another one is
   *     copied.
   * @param config how to read it
   * @param cancellation what ends the opening early, or null
   * @return the list
   * @throws NearZoneException as {@link #open(File)}, and with {@link ErrorCode#CANCELLED}
   */
  public static @NotNull KeyList open(@NotNull ByteBuffer bytes, @NotNull ListConfig config,
      @Nullable Cancellation cancellation) throws NearZoneException {
    ByteBuffer list = bytes.slice();
    if (!list.isDirect()) {
      ByteBuffer copy = ByteBuffer.allocateDirect(list.remaining());
      copy.put(list);
      copy.rewind();
      list = copy;
    }
    try (NativeHandle.Use cancel = Cancellation.use(cancellation)) {
      return new KeyList(
          Native.listOpenMemory(list, 0, list.remaining(), config.packed, cancel.address()), list);
    }
  }

  /**
   * Opens a list that is in memory, with the default options.
   *
   * @param bytes the list; copied
   * @return the list
   * @throws NearZoneException as {@link #open(File)}
   */
  public static @NotNull KeyList open(byte @NotNull[] bytes) throws NearZoneException {
    return open(ByteBuffer.wrap(bytes));
  }

  /**
   * Reads a list into memory and opens it, with the default options.
   *
   * @param in where the list comes from; read to its end, not closed
   * @return the list
   * @throws NearZoneException as {@link #open(File)}
   * @throws IOException where reading fails
   */
  public static @NotNull KeyList open(@NotNull InputStream in)
      throws NearZoneException, IOException {
    return open(in, ListConfig.builder().build(), null);
  }

  /**
   * Reads a list into memory and opens it. Lists of many megabytes are better put into a file.
   *
   * @param in where the list comes from; read to its end, not closed
   * @param config how to read it. Of more than its maxBytes nothing is kept in memory.
   * @param cancellation what ends the opening early, or null
   * @return the list
   * @throws NearZoneException as {@link #open(File)}, and with {@link ErrorCode#CANCELLED}
   * @throws IOException where reading fails
   */
  public static @NotNull KeyList open(@NotNull InputStream in, @NotNull ListConfig config,
      @Nullable Cancellation cancellation) throws NearZoneException, IOException {
    List<ByteBuffer> pieces = new ArrayList<>();
    long limit = Math.min(config.maxBytes, Integer.MAX_VALUE - STREAM_PIECE);
    int size = 0;
    for (ByteBuffer piece = read(in); piece.hasRemaining(); piece = read(in)) {
      size += piece.remaining();
      if (size > limit) {
        throw new NearZoneException(ErrorCode.LIMIT_EXCEEDED.number(),
            "the stream is larger than a list may be", "max_bytes", limit, -1);
      }
      if (cancellation != null && cancellation.isCancelled()) {
        throw new NearZoneException(ErrorCode.CANCELLED.number(), "cancelled", "", -1, -1);
      }
      pieces.add(piece);
    }
    ByteBuffer list = ByteBuffer.allocateDirect(size);
    for (ByteBuffer piece : pieces) {
      list.put(piece);
    }
    list.rewind();
    return open(list, config, cancellation);
  }

  private static ByteBuffer read(InputStream in) throws IOException {
    byte[] piece = new byte[STREAM_PIECE];
    int size = 0;
    while (size < piece.length) {
      int got = in.read(piece, size, piece.length - size);
      if (got < 0) {
        break;
      }
      size += got;
    }
    return ByteBuffer.wrap(piece, 0, size);
  }

  /**
   * The list's header.
   *
   * @return what it claims
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public @NotNull ListInfo info() throws NearZoneException {
    try (NativeHandle.Use list = state.use()) {
      return new ListInfo(new Unpacked(Native.listInfo(list.address())));
    }
  }

  /**
   * What the list says about its signatures.
   *
   * @return one for each signature, in their order
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public @NotNull List<SignatureInfo> signatures() throws NearZoneException {
    List<SignatureInfo> out = new ArrayList<>();
    try (NativeHandle.Use list = state.use()) {
      Unpacked in = new Unpacked(Native.listSignatures(list.address()));
      while (in.hasMore()) {
        out.add(new SignatureInfo(in));
      }
    }
    return out;
  }

  /**
   * Why keys were refused.
   *
   * @return the reasons of the first hundred keys that were
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public @NotNull List<NearZoneException> refusals() throws NearZoneException {
    List<NearZoneException> out = new ArrayList<>();
    try (NativeHandle.Use list = state.use()) {
      Unpacked in = new Unpacked(Native.listRefusals(list.address()));
      while (in.hasMore()) {
        out.add(NearZoneException.unpack(in));
      }
    }
    return out;
  }

  /**
   * Tries every key on every signature.
   *
   * @param keys the authority's public keys
   * @return what came of it
   * @throws NearZoneException with {@link ErrorCode#INTERNAL}
   */
  public @NotNull SignatureReport verify(@NotNull PublicKeys keys) throws NearZoneException {
    Objects.requireNonNull(keys, "keys");
    try (NativeHandle.Use list = state.use(); NativeHandle.Use verifying = PublicKeys.use(keys)) {
      return new SignatureReport(
          new Unpacked(Native.listVerify(list.address(), verifying.address())));
    }
  }

  /**
   * The next keys of the list. After a failure, none of the keys it gave may be trusted: the list
   * changed while it was read.
   *
   * @param most how many at most, at least 1
   * @return the keys; none at the end
   * @throws NearZoneException with {@link ErrorCode#CORRUPT}, {@link ErrorCode#IO}
   */
  public @NotNull List<PublishedKey> readKeys(int most) throws NearZoneException {
    if (most <= 0) {
      throw new IllegalArgumentException("most is not positive");
    }
    try (NativeHandle.Use list = state.use()) {
      return PublishedKey.unpack(Native.listReadKeys(list.address(), most));
    }
  }

  /**
   * The next {@link #readKeys} begins with the first key again.
   *
   * @throws NearZoneException with {@link ErrorCode#IO}
   */
  public void rewind() throws NearZoneException {
    try (NativeHandle.Use list = state.use()) {
      Native.listRewind(list.address());
    }
  }

  /** Lets go of the list; a match of it goes on. May be called again. */
  @Override
  public void close() {
    state.close();
  }

  NativeHandle.Use use() {
    return state.use();
  }

  /** What a match of the list has to keep as well. */
  @Nullable
  Object borrowed() {
    return state.borrowed;
  }
}
