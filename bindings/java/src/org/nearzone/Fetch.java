package org.nearzone;

import org.jetbrains.annotations.NotNull;

/** One HTTP GET to make: of an index, or of a list that it names. */
public final class Fetch {
  private final boolean index;
  private final String path;
  private final String etag;
  private final long mostBytes;

  Fetch(Unpacked in) {
    index = in.flag();
    path = in.text();
    etag = in.text();
    mostBytes = in.int64();
  }

  /** {@return whether it is the index itself, to be told to {@link FollowedIndex#answered}} */
  public boolean isIndex() {
    return index;
  }

  /** {@return the path relative to the base URL, of plain characters and without a slash in front} */
  public @NotNull String getPath() {
    return path;
  }

  /** {@return what to send as If-None-Match, where it is not empty} */
  public @NotNull String getEtag() {
    return etag;
  }

  /** {@return how long the answer may be: a longer one may be given up} */
  public long getMostBytes() {
    return mostBytes;
  }

  @Override
  public @NotNull String toString() {
    return "Fetch{path=" + path + "}";
  }
}
