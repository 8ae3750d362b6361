package org.nearzone;

/**
 * Why the last answer to an upload was not what it should be. Up to {@link #REVISION_REFUSED} the
 * person needs a new code; after the others the upload waits, and tries again.
 */
public enum UploadProblem implements Numbered {
  /** There is none. */
  NONE(0),
  /** The code is unknown, or was used before. */
  CODE_REFUSED(1),
  /** The code is too old. */
  CODE_EXPIRED(2),
  /** The code is for a kind of report that this app cannot make. */
  REPORT_REFUSED(3),
  /** Too much time passed between two steps. */
  TOKEN_REFUSED(4),
  /** Likewise, or the servers do not fit each other. */
  CERTIFICATE_REFUSED(5),
  /** All keys are, by now, too old or otherwise refused. */
  KEYS_REFUSED(6),
  /** The server says that the keys cannot be stated anew. */
  REVISION_REFUSED(7),
  /** The app's settings are wrong: its API key, or its health authority. */
  APP_REFUSED(8),
  /** The server asks to wait. */
  BUSY(9),
  /** A fault of the server. */
  SERVER_FAILED(10),
  /** No answer came. */
  UNREACHABLE(11),
  /** The answer was none that a server gives. */
  ANSWER_MALFORMED(12);

  private final int number;

  UploadProblem(int number) {
    this.number = number;
  }

  /** {@return the number of the C interface} */
  @Override
  public int number() {
    return number;
  }

  static UploadProblem of(int number) {
    return Numbered.find(values(), number);
  }
}
