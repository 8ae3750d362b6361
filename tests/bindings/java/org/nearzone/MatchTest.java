package org.nearzone;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class MatchTest {
  private static final int KEYS = 100_000;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();
  private final ExecutorService work = Executors.newSingleThreadExecutor();
  private final ExecutorService callbacks = Executors.newSingleThreadExecutor();
  private Phones phones;
  private KeyList list;
  private PublicKeys keys;
  private Cancellation cancellation;

  @Before
  public void open() throws Exception {
    phones = new Phones(folder.getRoot());
    phones.meet(60);
    Authority authority = new Authority();
    List<PublishedKey> published = Phones.strangers(KEYS - 1);
    phones.setTime(Phones.NOON + 86_400_000);
    try (Disclosure disclosure = phones.ill.disclose(Consent.THE_PERSON_CONSENTS, 1 + 1)) {
      for (PublishedKey key : disclosure.take()) {
        if (key.getValidFromMillis() / 86_400_000 == 18_500) {
          published.add(key);
        }
      }
    }
    list = KeyList.open(authority.publish(published, Phones.NOON, Phones.NOON + 86_400_000));
    keys = authority.publicKeys();
    cancellation = new Cancellation();
  }

  @After
  public void close() throws Exception {
    work.shutdown();
    callbacks.shutdown();
    assertTrue(work.awaitTermination(10, TimeUnit.SECONDS));
    assertTrue(callbacks.awaitTermination(10, TimeUnit.SECONDS));
    list.close();
    keys.close();
    cancellation.close();
    phones.close();
  }

  private Match begin() throws Exception {
    return phones.well.match(list, keys, MatchConfig.builder().build(), cancellation);
  }

  /** Remembers what it was told, and by which thread. */
  private static class Told implements MatchListener {
    final List<Long> progress = new ArrayList<>();
    final CountDownLatch end = new CountDownLatch(1);
    Thread thread;
    MatchResult result;
    Exception reason;

    @Override
    public void onProgress(long done, long all) {
      assertEquals(KEYS, all);
      progress.add(done);
    }

    @Override
    public void onDone(MatchResult result) {
      this.result = result;
      thread = Thread.currentThread();
      end.countDown();
    }

    @Override
    public void onFailed(Exception reason) {
      this.reason = reason;
      end.countDown();
    }

    Told await() throws InterruptedException {
      assertTrue(end.await(60, TimeUnit.SECONDS));
      return this;
    }
  }

  @Test
  public void goesOnStepByStep() throws Exception {
    try (Match match = begin()) {
      assertFalse(match.report().isDone());
      assertTrue(match.exposures().isEmpty());
      int steps = 1;
      while (match.step(10_000)) {
        ++steps;
      }
      assertTrue(steps >= 10);
      assertTrue(match.report().isDone());
      assertEquals(KEYS, match.report().getKeysTried());
      assertEquals(1, match.exposures().size());
    }
  }

  @Test
  public void runsInTheBackgroundAndTellsOnTheCallersThread() throws Exception {
    Thread caller = callbacks.submit(Thread::currentThread).get();
    Told told = new Told();
    begin().run(work, callbacks, told);
    told.await();
    assertNull(told.reason);
    assertSame(caller, told.thread);
    assertEquals(1, told.result.getExposures().size());
    assertTrue(told.progress.size() >= 5);
    for (int i = 1; i < told.progress.size(); ++i) {
      assertTrue(told.progress.get(i) > told.progress.get(i - 1));
    }
  }

  @Test
  public void letsOtherWorkOntoItsExecutorBetweenPieces() throws Exception {
    Told told = new Told() {
      @Override
      public void onProgress(long done, long all) {
        if (progress.isEmpty()) {
          work.execute(() -> progress.add(-1L));
        }
        super.onProgress(done, all);
      }
    };
    begin().run(work, callbacks, told);
    told.await();
    callbacks.submit(() -> assertTrue(told.progress.contains(-1L))).get();
  }

  @Test
  public void goesOnFromWhereItWasCancelled() throws Exception {
    Told told = new Told() {
      @Override
      public void onProgress(long done, long all) {
        super.onProgress(done, all);
        cancellation.cancel();
      }
    };
    begin().run(work, callbacks, told);
    told.await();
    assertTrue(cancellation.isCancelled());
    NearZoneException reason = (NearZoneException) told.reason;
    assertEquals(ErrorCode.CANCELLED, reason.getCode());

    cancellation = new Cancellation();
    try (Match again = begin()) {
      assertTrue(again.report().getKeysTried() > 0 || again.step(1));
      MatchResult result = again.finish(null);
      assertTrue(result.getReport().isDone());
      assertEquals(1, result.getExposures().size());
    }
  }

  @Test
  public void failsWhereTheDeviceIsSuspended() throws Exception {
    try (Match match = begin()) {
      phones.well.suspend();
      NearZoneException thrown = assertThrows(NearZoneException.class, () -> match.finish(null));
      assertEquals(ErrorCode.CLOSED, thrown.getCode());
      phones.well.resume();
    }
    try (Match match = begin()) {
      assertEquals(1, match.finish(null).getExposures().size());
    }
  }

  @Test
  public void livesLongerThanWhatItWasMadeOf() throws Exception {
    Match match = begin();
    list.close();
    keys.close();
    phones.close();
    assertEquals(1, match.finish(null).getExposures().size());
    match.close();
    // Only now is the folder free.
    phones = new Phones(folder.getRoot());
    assertEquals(1, phones.well.exposures().size());
  }

  @Test
  public void tellsOfAnExecutorThatTakesNoMoreWork() throws Exception {
    Told told = new Told();
    int[] pieces = {0};
    begin().run(task -> {
      if (pieces[0]++ == 2) {
        throw new java.util.concurrent.RejectedExecutionException("shut down");
      }
      new Thread(task).start();
    }, callbacks, told);
    told.await();
    assertTrue(told.reason instanceof java.util.concurrent.RejectedExecutionException);
  }
}
