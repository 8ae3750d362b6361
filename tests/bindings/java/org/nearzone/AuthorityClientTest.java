package org.nearzone;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.nio.file.Files;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.nearzone.example.AuthorityClient;

/** The example for HTTP, beside the server that with_authority.sh starts. */
public class AuthorityClientTest {
  private static final String AUTHORITY = System.getenv("NEARZONE_TEST_AUTHORITY");
  private static final String CODE = System.getenv("NEARZONE_TEST_CODE");
  private static final String API_KEY = System.getenv("NEARZONE_TEST_API_KEY");
  private static final String PUBLIC_KEY = System.getenv("NEARZONE_TEST_PUBLIC_KEY");

  @Rule public final TemporaryFolder folder = new TemporaryFolder();
  private Device device;
  private AuthorityClient client;
  private AuthorityClient lists;

  private static IndexConfig index() {
    return IndexConfig.builder().path("en/index.txt").build();
  }

  @Before
  public void switchOn() throws Exception {
    assertNotNull("to be run by with_authority.sh", AUTHORITY);
    device = Device.open(new File(folder.getRoot(), "log"), new byte[32], Phones.config());
    device.advertisement();
    client = new AuthorityClient(device, AUTHORITY, API_KEY, "org.example.app");
    lists = new AuthorityClient(device, AUTHORITY + "exports/", API_KEY, "org.example.app");
  }

  @Test
  public void goesFromTheCodeToThePublishedKeys() throws Exception {
    assertNotNull("when cover traffic is due", client.send());
    device.beginUpload(Consent.THE_PERSON_CONSENTS, 14);
    device.enterUploadCode("00000000");
    client.send();
    assertEquals(UploadProblem.CODE_REFUSED, device.uploadStatus().getProblem());
    assertEquals(UploadState.CODE_NEEDED, device.uploadStatus().getState());
    device.enterUploadCode(CODE);
    client.send();
    UploadStatus status = device.uploadStatus();
    assertEquals(status.toString(), UploadState.ACCEPTED, status.getState());
    assertEquals(UploadProblem.NONE, status.getProblem());
    assertEquals(ReportType.CONFIRMED_TEST, status.getReportType());
    assertEquals(1, status.getKeysInserted());
    device.discardUpload();
    device.close();
  }

  @Test
  public void waitsWhereNobodyAnswers() throws Exception {
    device.beginUpload(Consent.THE_PERSON_CONSENTS, 14);
    device.enterUploadCode(CODE);
    // A port that is reserved, and that nobody listens on.
    Long wakeAt = new AuthorityClient(device, "http://127.0.0.1:1/", API_KEY, "a").send();
    assertEquals(UploadProblem.UNREACHABLE, device.uploadStatus().getProblem());
    assertEquals(UploadState.CODE_ENTERED, device.uploadStatus().getState());
    assertTrue(wakeAt <= System.currentTimeMillis() + 15_000);
    device.close();
  }

  @Test
  public void fetchesTheListsOfAnIndexOnce() throws Exception {
    PublicKeys keys = new PublicKeys();
    keys.add(Files.readAllBytes(new File(PUBLIC_KEY).toPath()));
    long before = System.currentTimeMillis();
    assertTrue(lists.fetch(index(), keys) > before);
    try (FollowedIndex index = device.followIndex(AUTHORITY + "exports/", index())) {
      assertEquals(0, index.status().getWaiting());
      assertEquals(0, index.status().getGivenUp());
      assertTrue(index.status().getListed() >= 1);
      assertEquals(null, index.next());
    }
    device.close();
  }

  @Test
  public void triesAListAgainThatNoKeyVerifies() throws Exception {
    try (PublicKeys none = new PublicKeys()) {
      lists.fetch(index(), none);
    }
    try (FollowedIndex index = device.followIndex(AUTHORITY + "exports/", index())) {
      assertTrue(index.status().getWakeAtMillis() > System.currentTimeMillis());
    }
    device.close();
  }
}
