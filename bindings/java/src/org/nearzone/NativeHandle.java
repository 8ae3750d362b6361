package org.nearzone;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.annotations.Nullable;

/**
 * The native side of one object: its address, and how many use it at the moment. It is freed by the
 * last to leave: the object itself, when it is closed, or a call that was under way in another
 * thread then. It never refers to the object, so that one that was forgotten can be collected; the
 * next object made frees the native side of all forgotten ones. A call in a thread counts as a use,
 * so that nothing is freed under it, even if its object is collected meanwhile.
 */
abstract class NativeHandle extends PhantomReference<Object> {
  private static final ReferenceQueue<Object> FORGOTTEN = new ReferenceQueue<>();
  /** A reference that is itself unreachable is never queued. */
  private static final Set<NativeHandle> ALIVE =
      Collections.newSetFromMap(new ConcurrentHashMap<NativeHandle, Boolean>());
  private static final Use NOTHING = new Use(null, 0);

  /** Kept as long as the native side lives, which borrows from it. */
  final @Nullable Object borrowed;
  private final Use use;
  private final AtomicInteger users = new AtomicInteger(1);
  private final AtomicBoolean closed = new AtomicBoolean();

  /** To be closed at the end of the call that began it. */
  static final class Use implements AutoCloseable {
    private final NativeHandle handle;
    private final long address;

    private Use(NativeHandle handle, long address) {
      this.handle = handle;
      this.address = address;
    }

    long address() {
      return address;
    }

    @Override
    public void close() {
      if (handle != null) {
        handle.leave();
      }
    }
  }

  NativeHandle(Object owner, long address, @Nullable Object borrowed) {
    super(owner, FORGOTTEN);
    this.borrowed = borrowed;
    use = new Use(this, address);
    ALIVE.add(this);
    freeForgotten();
  }

  /** Ends the native object. */
  abstract void free(long address);

  final Use use() {
    int count = users.get();
    while (!closed.get() && count > 0) {
      if (users.compareAndSet(count, count + 1)) {
        return use;
      }
      count = users.get();
    }
    throw new IllegalStateException("it is closed");
  }

  /** An address of 0 where there is no object. */
  static Use use(@Nullable NativeHandle handle) {
    return handle == null ? NOTHING : handle.use();
  }

  final void close() {
    if (closed.compareAndSet(false, true)) {
      leave();
    }
  }

  static void freeForgotten() {
    for (Object handle = FORGOTTEN.poll(); handle != null; handle = FORGOTTEN.poll()) {
      ((NativeHandle) handle).close();
    }
  }

  private void leave() {
    if (users.decrementAndGet() == 0) {
      ALIVE.remove(this);
      free(use.address);
    }
  }
}
