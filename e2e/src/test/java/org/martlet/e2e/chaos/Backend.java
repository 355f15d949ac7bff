package org.martlet.e2e.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.martlet.common.http.Headers;
import org.martlet.common.protocol.BackendSignature;

/// Asks storage nodes directly, signed as a server would.
final class Backend {
  private final HttpClient http;
  private final BackendSignature signature;

  Backend() {
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    this.signature =
        BackendSignature.with(
            ClusterFiles.SECRET.getBytes(StandardCharsets.UTF_8), Clock.systemUTC());
  }

  /// GET of a path with its query, below `http://address`.
  HttpResponse<byte[]> get(String address, String target, String... more) throws IOException {
    return send("GET", address, target, more);
  }

  HttpResponse<byte[]> send(String method, String address, String target, String... more)
      throws IOException {
    Headers signed = new Headers();
    signature.sign(method, target, 0, signed);
    List<String> headers = new ArrayList<>(List.of(more));
    signed.forEach(
        (name, value) -> {
          headers.add(name);
          headers.add(value);
        });
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + target))
            .timeout(Duration.ofSeconds(20))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .headers(headers.toArray(String[]::new))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /// Whether a server answers there at all.
  boolean isWell(String address) {
    try {
      return get(address, "/healthcheck").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
