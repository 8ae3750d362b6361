package org.nearzone;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jetbrains.annotations.Nullable;

/** Reads what the native library packed: fields in turn, without padding, in native byte order. */
final class Unpacked {
  /** The number that stands for one that is not known. */
  static final int UNKNOWN = Integer.MIN_VALUE;

  private final ByteBuffer bytes;

  Unpacked(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  boolean hasMore() {
    return bytes.hasRemaining();
  }

  int remaining() {
    return bytes.remaining();
  }

  int int32() {
    return bytes.getInt();
  }

  long int64() {
    return bytes.getLong();
  }

  double float64() {
    return bytes.getDouble();
  }

  /** Null where it is not known. */
  @Nullable
  Integer known32() {
    int value = bytes.getInt();
    return value == UNKNOWN ? null : value;
  }

  boolean flag() {
    return bytes.getInt() != 0;
  }

  byte[] bytes(int size) {
    byte[] out = new byte[size];
    bytes.get(out);
    return out;
  }

  void skip(int size) {
    bytes.position(bytes.position() + size);
  }

  /** A size and so many bytes of UTF-8. */
  String text() {
    return new String(bytes(int32()), StandardCharsets.UTF_8);
  }
}
