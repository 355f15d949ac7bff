package org.martlet.e2e.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// What clients of the cluster send: no retries, and patience that is longer than the proxy's, so
/// that an operation is over when its answer came or the proxy died.
///
/// Threads: any.
final class ProxyClient {
  static final String ACCOUNT = "AUTH_test";
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final String url;
  private final String account;
  private final String user;
  private final String key;
  private volatile String token = "";

  ProxyClient(String url) {
    this(url, ACCOUNT, "test:tester", "testing");
  }

  /// A client of an account that need not be the user's own.
  ///
  /// @param user with its account, `account:user`
  ProxyClient(String url, String account, String user, String key) {
    this.url = url;
    this.account = account;
    this.user = user;
    this.key = key;
  }

  private void login() throws IOException {
    HttpResponse<byte[]> response =
        exchange(
            HttpRequest.newBuilder(URI.create(url + "/auth/v1.0"))
                .timeout(PATIENCE)
                .header("X-Auth-User", user)
                .header("X-Auth-Key", key)
                .build());
    token =
        response
            .headers()
            .firstValue("X-Auth-Token")
            .orElseThrow(() -> new IOException("login answered " + response.statusCode()));
  }

  /// @param path below the account, with its leading slash and any query
  HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers)
      throws IOException {
    if (token.isEmpty()) {
      login();
    }
    HttpResponse<byte[]> response = attempt(method, path, body, headers);
    if (response.statusCode() == 401) {
      // The token's day is over; nothing was done.
      login();
      response = attempt(method, path, body, headers);
    }
    return response;
  }

  private HttpResponse<byte[]> attempt(String method, String path, byte[] body, String... headers)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + "/v1/" + account + path))
            .method(
                method,
                method.equals("PUT") ? BodyPublishers.ofByteArray(body) : BodyPublishers.noBody())
            .timeout(PATIENCE)
            .header("X-Auth-Token", token);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return exchange(request.build());
  }

  private HttpResponse<byte[]> exchange(HttpRequest request) throws IOException {
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }
}
