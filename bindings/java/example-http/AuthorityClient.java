package org.nearzone.example;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
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
      Answer answer = exchange(next.getPath().substring(1), next, "", 1 << 16);
      device.uploadAnswered(config, next, answer.status, answer.body, answer.retryAfterMillis);
    }
    return device.uploadWakeAtMillis(config);
  }

  /** Fetches the lists that are new, verifies and matches them. Gives the time of the next call. */
  public long fetch(IndexConfig lists, PublicKeys keys) throws NearZoneException {
    try (FollowedIndex index = device.followIndex(baseUrl, lists)) {
      for (Fetch next; (next = index.next()) != null;) {
        Answer answer = exchange(next.getPath(), null, next.getEtag(), next.getMostBytes());
        if (next.isIndex()) {
          index.answered(answer.status, answer.body, answer.etag, answer.retryAfterMillis);
        } else {
          index.listHandled(next.getPath(), match(answer, keys), answer.retryAfterMillis);
        }
      }
      return index.status().getWakeAtMillis();
    }
  }

  private ListOutcome match(Answer answer, PublicKeys keys) {
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

  private Answer exchange(String path, UploadRequest upload, String etag, long mostBytes) {
    Answer answer = new Answer();
    try {
      HttpURLConnection http = (HttpURLConnection) new URL(baseUrl + path).openConnection();
      http.setConnectTimeout(30_000);
      http.setReadTimeout(30_000);
      http.setInstanceFollowRedirects(false);
      if (!etag.isEmpty()) {
        http.setRequestProperty("If-None-Match", etag);
      }
      if (upload != null) {
        http.setRequestProperty("Content-Type", "application/json");
        http.setRequestProperty(upload.getMarkingHeader(), "1");
        if (upload.getServer() == UploadServer.VERIFICATION) {
          http.setRequestProperty("X-API-Key", apiKey);
        }
        http.setDoOutput(true);
        http.getOutputStream().write(upload.getBody());
      }
      int status = http.getResponseCode();
      answer.etag = http.getHeaderField("ETag");
      answer.retryAfterMillis = 1000L * http.getHeaderFieldInt("Retry-After", -1);
      InputStream in = status < 400 ? http.getInputStream() : http.getErrorStream();
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      byte[] piece = new byte[1 << 14];
      for (int size; in != null && body.size() <= mostBytes && (size = in.read(piece)) >= 0;) {
        body.write(piece, 0, size);
      }
      answer.body = body.toByteArray();
      answer.status = status;
      http.disconnect();
    } catch (IOException unreachable) {
      answer.status = 0;
    }
    return answer;
  }

  private static final class Answer {
    int status;
    byte[] body = {};
    String etag;
    long retryAfterMillis = -1;
  }
}
