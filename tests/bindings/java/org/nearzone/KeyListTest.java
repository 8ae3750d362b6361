package org.nearzone;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.nearzone.desktop.Overloads;

public class KeyListTest {
  private static final int KEYS = 1000;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();
  private Authority authority;
  private byte[] list;

  @Before
  public void publish() throws Exception {
    authority = new Authority();
    list = authority.publish(Phones.strangers(KEYS), Phones.NOON, Phones.NOON + 86_400_000);
  }

  private void isTheList(KeyList opened) throws Exception {
    try (KeyList keys = opened) {
      ListInfo info = keys.info();
      assertEquals(ListFormat.GAEN_EXPORT, info.getFormat());
      assertEquals(KEYS, info.getKeys());
      assertEquals(0, info.getRefusedKeys());
      assertEquals("VN", info.getRegion());
      assertEquals(Phones.NOON, info.getStartMillis());
      assertEquals(1, info.getSignatures());
      assertEquals(32, info.getContentDigest().length);
      assertEquals("310", keys.signatures().get(0).getKeyId());
      assertTrue(keys.refusals().isEmpty());
      for (int round = 0; round < 2; ++round) {
        int read = 0;
        for (List<PublishedKey> some = keys.readKeys(300); !some.isEmpty();
             some = keys.readKeys(300)) {
          assertEquals(read, some.get(0).getRecord());
          read += some.size();
        }
        assertEquals(KEYS, read);
        keys.rewind();
      }
    }
  }

  @Test
  public void opensFilesBuffersArraysAndStreams() throws Exception {
    File file = folder.newFile();
    Files.write(file.toPath(), list);
    isTheList(KeyList.open(file));
    isTheList(Overloads.openList(file.toPath()));
    isTheList(KeyList.open(list));
    isTheList(KeyList.open(new ByteArrayInputStream(list)));
    isTheList(KeyList.open(ByteBuffer.wrap(list)));

    ByteBuffer direct = ByteBuffer.allocateDirect(list.length + 30);
    direct.position(10);
    direct.put(list).flip().position(10);
    isTheList(KeyList.open(direct));
    isTheList(KeyList.open(direct.asReadOnlyBuffer()));
    assertEquals(10, direct.position());
  }

  @Test
  public void readsStreamsToTheirLimitOnly() throws Exception {
    InputStream endless = new InputStream() {
      @Override
      public int read() {
        return 0;
      }
    };
    ListConfig config = ListConfig.builder().maxBytes(1 << 20).build();
    NearZoneException thrown =
        assertThrows(NearZoneException.class, () -> KeyList.open(endless, config, null));
    assertEquals(ErrorCode.LIMIT_EXCEEDED, thrown.getCode());

    try (Cancellation cancelled = new Cancellation()) {
      cancelled.cancel();
      thrown = assertThrows(NearZoneException.class,
          () -> KeyList.open(endless, ListConfig.builder().build(), cancelled));
      assertEquals(ErrorCode.CANCELLED, thrown.getCode());
    }
  }

  @Test
  public void saysWhatIsWrongWithAList() throws Exception {
    byte[] cut = Arrays.copyOf(list, list.length / 2);
    NearZoneException thrown = assertThrows(NearZoneException.class, () -> KeyList.open(cut));
    assertEquals(ErrorCode.CORRUPT, thrown.getCode());
    assertTrue(!thrown.getMessage().isEmpty());
    thrown = assertThrows(NearZoneException.class, () -> KeyList.open(new byte[0]));
    assertTrue(thrown.getCode() != ErrorCode.INTERNAL);
    thrown = assertThrows(
        NearZoneException.class, () -> KeyList.open(new File(folder.getRoot(), "absent")));
    assertEquals(ErrorCode.NOT_FOUND, thrown.getCode());
    assertTrue(!thrown.getMessage().contains("absent"));
  }

  @Test
  public void saysWhyKeysWereRefused() throws Exception {
    String json = "{\"data\":[{\"daily_key\":\"00\",\"time_start\":1596326400,"
        + "\"time_end\":1597608646,\"max\":996}]}";
    try (KeyList keys = KeyList.open(json.getBytes(StandardCharsets.UTF_8))) {
      assertEquals(ListFormat.BLUEZONE_JSON, keys.info().getFormat());
      assertEquals(1, keys.info().getRefusedKeys());
      List<NearZoneException> refusals = keys.refusals();
      assertEquals(1, refusals.size());
      assertEquals(ErrorCode.INVALID_ARGUMENT, refusals.get(0).getCode());
      assertEquals(0, refusals.get(0).getRecord());
      assertTrue(!refusals.get(0).getField().isEmpty());
    }
  }

  @Test
  public void verifiesWithTheRightKeyOnly() throws Exception {
    try (KeyList keys = KeyList.open(list); PublicKeys none = new PublicKeys();
         PublicKeys right = authority.publicKeys();
         PublicKeys wrong = new Authority().publicKeys()) {
      assertEquals(SignatureOutcome.VERIFIED, keys.verify(right).getOutcome());
      assertEquals(SignatureOutcome.FAILED, keys.verify(wrong).getOutcome());
      assertEquals(SignatureOutcome.UNKNOWN_KEY, keys.verify(none).getOutcome());
      assertTrue(!keys.verify(none).getDetail().isEmpty());
      assertThrows(NearZoneException.class, () -> none.add("no key"));
    }
  }

  @Test
  public void refusesToMatchWhatNobodyVouchesFor() throws Exception {
    try (Phones phones = new Phones(folder.getRoot()); KeyList keys = KeyList.open(list);
         PublicKeys wrong = new Authority().publicKeys()) {
      MatchConfig strict = MatchConfig.builder().build();
      NearZoneException thrown =
          assertThrows(NearZoneException.class, () -> phones.well.match(keys, wrong, strict, null));
      assertEquals(ErrorCode.SIGNATURE_REFUSED, thrown.getCode());
      thrown =
          assertThrows(NearZoneException.class, () -> phones.well.match(keys, null, strict, null));
      assertEquals(ErrorCode.SIGNATURE_REFUSED, thrown.getCode());

      MatchConfig any = MatchConfig.builder().acceptUnverifiedLists(true).build();
      try (Match match = phones.well.match(keys, null, any, null)) {
        MatchReport report = match.finish(null).getReport();
        assertEquals(KEYS, report.getKeysTried());
        assertEquals(SignatureOutcome.UNKNOWN_KEY, report.getSignature());
      }
    }
  }

  @Test
  public void keepsItsBufferUntilTheLastMatchIsClosed() throws Exception {
    try (Phones phones = new Phones(folder.getRoot()); PublicKeys keys = authority.publicKeys()) {
      Match match;
      try (KeyList opened = KeyList.open(list)) {
        match = phones.well.match(opened, keys, MatchConfig.builder().build(), null);
      }
      for (int i = 0; i < 20; ++i) {
        System.gc();
        ByteBuffer.allocateDirect(list.length).put(new byte[list.length]);
      }
      assertEquals(KEYS, match.finish(null).getReport().getKeysTried());
      match.close();
    }
  }
}
