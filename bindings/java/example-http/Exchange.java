package org.nearzone.example;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import org.nearzone.*;

/** One request and its answer, over HttpURLConnection. */
final class Exchange {
  int status; // 0 where the server could not be reached
  byte[] body = {};
  String etag;
  long retryAfterMillis = -1;
  private final String url;

  Exchange(String url) {
    this.url = url;
  }

  Exchange upload(UploadRequest upload, String apiKey) {
    return run(1 << 16, http -> {
      http.setRequestProperty("Content-Type", "application/json");
      http.setRequestProperty(upload.getMarkingHeader(), "1");
      if (upload.getServer() == UploadServer.VERIFICATION) {
        http.setRequestProperty("X-API-Key", apiKey);
      }
      http.setDoOutput(true);
      http.getOutputStream().write(upload.getBody());
    });
  }

  Exchange fetch(Fetch fetch) {
    return run(fetch.getMostBytes(), http -> {
      if (!fetch.getEtag().isEmpty()) {
        http.setRequestProperty("If-None-Match", fetch.getEtag());
      }
    });
  }

  private Exchange run(long mostBytes, Sending sending) {
    try {
      HttpURLConnection http = (HttpURLConnection) new URL(url).openConnection();
      http.setConnectTimeout(30_000);
      http.setReadTimeout(30_000);
      http.setInstanceFollowRedirects(false);
      sending.send(http);
      int answered = http.getResponseCode();
      etag = http.getHeaderField("ETag");
      retryAfterMillis = 1000L * http.getHeaderFieldInt("Retry-After", -1);
      InputStream in = answered < 400 ? http.getInputStream() : http.getErrorStream();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] piece = new byte[1 << 14];
      for (int size; in != null && bytes.size() <= mostBytes && (size = in.read(piece)) >= 0;) {
        bytes.write(piece, 0, size);
      }
      body = bytes.toByteArray();
      status = answered;
      http.disconnect();
    } catch (IOException unreachable) {
      status = 0;
    }
    return this;
  }

  private interface Sending {
    void send(HttpURLConnection http) throws IOException;
  }
}
