package org.nearzone;

import org.jetbrains.annotations.NotNull;

/**
 * What can go wrong though the program is right: damaged files, refused lists, a full disk. Where
 * the program is wrong, an {@link IllegalArgumentException} is thrown for
 * {@link ErrorCode#INVALID_ARGUMENT} and an {@link IllegalStateException} for
 * {@link ErrorCode#CLOSED}, with the NearZoneException as their cause; but where bytes from
 * elsewhere may be at fault, as with lists and matches, those two are a NearZoneException too. No
 * message holds an identifier, a key, or a file's name.
 */
public final class NearZoneException extends Exception {
  private static final long serialVersionUID = 1;

  /** What kind of failure it is. */
  private final ErrorCode code;
  /** What is wrong. */
  private final String field;
  /** Where in the input, or -1. */
  private final long offset;
  /** In which record, or -1. */
  private final long record;

  /** Called by the native library. */
  NearZoneException(int code, String message, String field, long offset, long record) {
    super(message);
    this.code = ErrorCode.of(code);
    this.field = field;
    this.offset = offset;
    this.record = record;
  }

  /** {@return what kind of failure it is} */
  public @NotNull ErrorCode getCode() {
    return code;
  }

  /** {@return the field, option or member that is wrong; empty where none is} */
  public @NotNull String getField() {
    return field;
  }

  /** {@return the byte offset in the input at which the fault was seen, or -1} */
  public long getOffset() {
    return offset;
  }

  /** {@return the zero-based index of the record (key, sighting, line) at fault, or -1} */
  public long getRecord() {
    return record;
  }

  /** As packed by the native library. */
  static NearZoneException unpack(Unpacked in) {
    int code = in.int32();
    String message = in.text();
    String field = in.text();
    long offset = in.int64();
    return new NearZoneException(code, message, field, offset, in.int64());
  }
}
