package org.martlet.proxyserver;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpHandler;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.ServerRequest;

/// One storage server in memory: accounts, containers and objects as a proxy expects them, no
/// clocks, no ranges.
final class FakeStorage implements HttpHandler {
  private static final int MAX_BODY = 16 << 20;

  /// By decoded `/a[/c[/o]]`.
  final NavigableMap<String, Stored> stored = new ConcurrentSkipListMap<>();

  final List<String> transactions = new CopyOnWriteArrayList<>();

  record Stored(Headers headers, byte[] body) {}

  @Override
  public CompletableFuture<Response> handle(ServerRequest exchange) {
    Request request = exchange.request();
    transactions.add(request.headers().getOr("X-Trans-Id", "-"));
    String path =
        URLDecoder.decode(
            request.rawPath().replaceFirst("^/[^/]+/[^/]+", "").replace("+", "%2B"),
            StandardCharsets.UTF_8);
    return switch (request.method()) {
      case "PUT" -> put(path, request);
      case "POST" -> CompletableFuture.completedFuture(post(path, request));
      case "DELETE" ->
          CompletableFuture.completedFuture(
              Response.empty(stored.remove(path) == null ? 404 : 204));
      default -> CompletableFuture.completedFuture(read(path, request.method().equals("GET")));
    };
  }

  private static boolean isObject(String path) {
    return path.split("/", 4).length == 4;
  }

  private CompletableFuture<Response> put(String path, Request request) {
    return Bodies.readAll(request.body(), MAX_BODY)
        .thenApply(
            body -> {
              Headers headers = request.headers().copy();
              request.body().trailers().forEach(headers::set);
              boolean isNew = stored.put(path, new Stored(headers, body)) == null;
              String etag = headers.getOr("X-Backend-Etag", "");
              return Response.empty(isNew || isObject(path) ? 201 : 202, Headers.of("ETag", etag));
            });
  }

  private Response post(String path, Request request) {
    Stored before = stored.get(path);
    if (before == null) {
      return Response.empty(404);
    }
    Headers merged = before.headers.copy();
    request.headers().forEach(merged::set);
    stored.put(path, new Stored(merged, before.body));
    return Response.empty(isObject(path) ? 202 : 204);
  }

  private Response read(String path, boolean withBody) {
    Stored found = stored.get(path);
    if (found == null) {
      return Response.empty(404);
    }
    Headers headers = new Headers();
    found.headers.forEach(
        (name, value) -> {
          if (name.toLowerCase(Locale.ROOT).matches("content-type|x-.*-meta-.*|x-container-.*")) {
            headers.add(name, value);
          }
        });
    String clock = found.headers.getOr("X-Timestamp", "1.0");
    headers.set("X-Timestamp", clock);
    headers.set("X-PUT-Timestamp", clock);
    headers.set("X-Backend-Timestamp", clock);
    headers.set("X-Backend-Data-Timestamp", clock);
    headers.set("X-Backend-Storage-Policy-Index", "0");
    if (isObject(path)) {
      headers.set("ETag", found.headers.getOr("X-Backend-Etag", ""));
      headers.set("Content-Length", found.body.length);
      return new Response(200, headers, withBody ? Body.of(found.body) : Body.empty());
    }
    List<String> children = children(path);
    headers.set("X-Container-Object-Count", children.size());
    headers.set("X-Account-Container-Count", children.size());
    String json =
        children.stream()
            .map(name -> "{\"name\":\"" + name + "\"}")
            .collect(Collectors.joining(",", "[", "]"));
    return withBody
        ? new Response(200, headers, Body.of(json.getBytes(StandardCharsets.UTF_8)))
        : Response.empty(204, headers);
  }

  /// What is directly in an account, everything in a container.
  private List<String> children(String path) {
    boolean account = path.indexOf('/', 1) < 0;
    return stored.tailMap(path + "/").keySet().stream()
        .filter(name -> name.startsWith(path + "/"))
        .map(name -> name.substring(path.length() + 1))
        .filter(name -> !account || name.indexOf('/') < 0)
        .toList();
  }
}
