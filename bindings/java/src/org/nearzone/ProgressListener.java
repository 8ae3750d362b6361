package org.nearzone;

/** Told how far long work is. */
public interface ProgressListener {
  /**
   * Called after every piece of the work.
   *
   * @param done how much of the work is done
   * @param all how much there is
   */
  void onProgress(long done, long all);
}
