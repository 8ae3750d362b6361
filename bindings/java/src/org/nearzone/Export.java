package org.nearzone;

import java.io.IOException;

/** The text that a log is exported as, a piece at a time. */
final class Export implements AutoCloseable {
  private static final int PIECE = 1 << 14;

  private final long address;

  /** Takes a piece of text; the bytes are used again afterwards. */
  interface Sink {
    void write(byte[] bytes, int size) throws IOException;
  }

  Export(long device, ExportFormat format, long cancel) throws NearZoneException {
    address = Native.deviceExport(device, format.number(), cancel);
  }

  void writeTo(Sink out) throws NearZoneException, IOException {
    byte[] piece = new byte[PIECE];
    for (int size = Native.exportRead(address, piece); size > 0;
         size = Native.exportRead(address, piece)) {
      out.write(piece, size);
    }
  }

  @Override
  public void close() {
    Native.exportFree(address);
  }
}
