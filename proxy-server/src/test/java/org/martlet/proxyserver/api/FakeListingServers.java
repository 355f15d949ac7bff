package org.martlet.proxyserver.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;

/// Account and container servers that answer by a script and remember what they were asked.
public final class FakeListingServers implements ListingServers {
  public final List<Ask> asked = new ArrayList<>();
  public final List<Boolean> newest = new ArrayList<>();
  private final Map<String, Deque<Response>> answers = new HashMap<>();

  /// The next answer to a method on a path; the last one is repeated for ever.
  public FakeListingServers answer(
      String method, String path, int status, String body, String... headers) {
    Body content = Body.of(body.getBytes(StandardCharsets.UTF_8));
    answers
        .computeIfAbsent(method + " " + path, key -> new ArrayDeque<>())
        .add(new Response(status, Headers.of(headers), content));
    return this;
  }

  public FakeListingServers answer(String method, String path, int status) {
    return answer(method, path, status, "");
  }

  public Ask lastAsked() {
    return asked.getLast();
  }

  public List<String> methodsAsked() {
    return asked.stream().map(ask -> ask.method() + " " + ask.path()).toList();
  }

  @Override
  public Response read(Ask ask, boolean onlyNewest) {
    asked.add(ask);
    newest.add(onlyNewest);
    return next(ask);
  }

  @Override
  public List<Response> readAll(Ask ask) {
    asked.add(ask);
    Deque<Response> all = answers.getOrDefault(ask.method() + " " + ask.path(), new ArrayDeque<>());
    return List.copyOf(all);
  }

  @Override
  public Response change(Ask ask) {
    asked.add(ask);
    return next(ask);
  }

  private Response next(Ask ask) {
    Deque<Response> queue = answers.get(ask.method() + " " + ask.path());
    if (queue == null) {
      return Response.empty(404);
    }
    return queue.size() > 1 ? queue.remove() : queue.peek();
  }
}
