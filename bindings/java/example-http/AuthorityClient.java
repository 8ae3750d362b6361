package org.nearzone.example;

import org.nearzone.*;

/** Carries a device's uploads, cover traffic and lists over HTTP. To copy, and to run in a job. */
public final class AuthorityClient {
  private final Device device;
  private final String baseUrl;
  private final String apiKey;
  private final UploadConfig config;

  /** One server that verifies codes, takes keys and publishes lists; baseUrl ends with a slash. */
  public AuthorityClient(Device device, String baseUrl, String apiKey, String healthAuthority) {
    this.device = device;
    this.baseUrl = baseUrl;
    this.apiKey = apiKey;
    this.config = UploadConfig.builder(healthAuthority).build();
  }

  /** Sends what there is to send; what was not delivered waits. Gives the time of the next call. */
  public Long send() throws NearZoneException {
    for (UploadRequest next; (next = device.uploadRequest(config)) != null; next.close()) {
      Exchange answer = new Exchange(baseUrl + next.getPath().substring(1)).upload(next, apiKey);
      device.uploadAnswered(config, next, answer.status, answer.body, answer.retryAfterMillis);
    }
    return device.uploadWakeAtMillis(config);
  }

  /** Fetches the lists that are new, verifies and matches them. Gives the time of the next call. */
  public long fetch(IndexConfig lists, PublicKeys keys) throws NearZoneException {
    try (FollowedIndex index = device.followIndex(baseUrl, lists)) {
      for (Fetch next; (next = index.next()) != null;) {
        Exchange answer = new Exchange(baseUrl + next.getPath()).fetch(next);
        if (next.isIndex()) {
          index.answered(answer.status, answer.body, answer.etag, answer.retryAfterMillis);
        } else {
          index.listHandled(next.getPath(), match(answer, keys), answer.retryAfterMillis);
        }
      }
      return index.status().getWakeAtMillis();
    }
  }

  private ListOutcome match(Exchange answer, PublicKeys keys) {
    if (answer.status != 200) {
      return answer.status == 404 ? ListOutcome.MISSING : ListOutcome.FAILED;
    }
    try (KeyList list = KeyList.open(answer.body);
         Match match = device.match(list, keys, MatchConfig.builder().build(), null)) {
      match.finish(null);
      return ListOutcome.DONE;
    } catch (NearZoneException refused) {
      return ListOutcome.FAILED;
    }
  }
}
