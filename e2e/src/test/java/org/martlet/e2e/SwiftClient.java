package org.martlet.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The Swift API as a test speaks it: one method, any verb, no retries.
final class SwiftClient {
  private final HttpClient http;
  private final String storageUrl;
  private final String token;

  private SwiftClient(HttpClient http, String storageUrl, String token) {
    this.http = http;
    this.storageUrl = storageUrl;
    this.token = token;
  }

  static SwiftClient login(String url, String user, String key) {
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/auth/v1.0"))
            .header("X-Auth-User", user)
            .header("X-Auth-Key", key)
            .build();
    try {
      HttpResponse<Void> response = http.send(request, BodyHandlers.discarding());
      if (response.statusCode() != 200) {
        throw new AssertionError("login as " + user + " answered " + response.statusCode());
      }
      return new SwiftClient(
          http,
          response.headers().firstValue("X-Storage-Url").orElseThrow(),
          response.headers().firstValue("X-Auth-Token").orElseThrow());
    } catch (IOException e) {
      throw new AssertionError("login failed", e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  String storageUrl() {
    return storageUrl;
  }

  String token() {
    return token;
  }

  /// The same account as another user sees it.
  SwiftClient at(String otherStorageUrl) {
    return new SwiftClient(http, otherStorageUrl, token);
  }

  HttpResponse<byte[]> get(String path, String... headers) throws IOException {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  HttpResponse<byte[]> head(String path, String... headers) throws IOException {
    return send("HEAD", path, BodyPublishers.noBody(), headers);
  }

  HttpResponse<byte[]> delete(String path, String... headers) throws IOException {
    return send("DELETE", path, BodyPublishers.noBody(), headers);
  }

  HttpResponse<byte[]> post(String path, String... headers) throws IOException {
    return send("POST", path, BodyPublishers.noBody(), headers);
  }

  HttpResponse<byte[]> put(String path, byte[] body, String... headers) throws IOException {
    return send("PUT", path, BodyPublishers.ofByteArray(body), headers);
  }

  /// Creates a container; fails unless it is there afterwards.
  void createContainer(String name) throws IOException {
    int status = put("/" + name, new byte[0]).statusCode();
    if (status != 201 && status != 202) {
      throw new AssertionError("PUT of container " + name + " answered " + status);
    }
  }

  /// Every name in a container, page by page.
  List<String> list(String container) throws IOException {
    List<String> names = new ArrayList<>();
    String marker = "";
    while (true) {
      String query = "?limit=1000&marker=" + URLEncoder.encode(marker, StandardCharsets.UTF_8);
      HttpResponse<byte[]> page = get("/" + container + query);
      if (page.statusCode() / 100 != 2) {
        throw new AssertionError("listing " + container + " answered " + page.statusCode());
      }
      List<String> found = new String(page.body(), StandardCharsets.UTF_8).lines().toList();
      if (found.isEmpty()) {
        return names;
      }
      names.addAll(found);
      marker = found.getLast();
    }
  }

  /// @param path below the account, percent-encoded, with its leading slash and any query
  HttpResponse<byte[]> send(String method, String path, BodyPublisher body, String... headers)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(storageUrl + path))
            .method(method, body)
            .timeout(Duration.ofSeconds(60))
            .header("X-Auth-Token", token);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }
}
