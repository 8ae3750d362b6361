package org.nearzone;

import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** What the native library reads: fields in turn, without padding, in native byte order. */
final class Packed {
  private final ByteBuffer bytes;

  Packed(int size) {
    bytes = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
  }

  Packed int32(int value) {
    bytes.putInt(value);
    return this;
  }

  Packed int64(long value) {
    bytes.putLong(value);
    return this;
  }

  Packed float64(double value) {
    bytes.putDouble(value);
    return this;
  }

  Packed flag(boolean value) {
    return int32(value ? 1 : 0);
  }

  /** The bytes, and zeros up to the size. */
  Packed bytes(byte[] value, int size) {
    bytes.put(value);
    bytes.position(bytes.position() + size - value.length);
    return this;
  }

  byte[] array() {
    return bytes.array();
  }

  static byte[] path(File file) {
    return text(file.getPath());
  }

  static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
