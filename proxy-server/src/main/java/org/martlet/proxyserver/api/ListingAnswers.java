package org.martlet.proxyserver.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.martlet.common.http.BlockingBody;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.common.protocol.StoragePolicy;

/// Makes of a server's answer about an account or a container what the client gets.
public final class ListingAnswers {
  /// What is said anew on this side, or says nothing to clients.
  private static final Set<String> DROPPED = dropped();

  private final StoragePolicies policies;
  private final Executor executor;

  /// @param executor runs tasks that block, e.g. each on a virtual thread
  public ListingAnswers(StoragePolicies policies, Executor executor) {
    this.policies = policies;
    this.executor = executor;
  }

  private static Set<String> dropped() {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(
        Set.of(
            "Content-Length",
            "Content-Type",
            "Date",
            "Server",
            "Connection",
            "Keep-Alive",
            "Trailer",
            "Transfer-Encoding",
            "X-Trans-Id",
            "X-Openstack-Request-Id"));
    return names;
  }

  static Body emptyListing(String method) {
    return method.equals("HEAD") ? Body.empty() : Body.of("[]".getBytes(StandardCharsets.US_ASCII));
  }

  Response account(RequestContext request, ListingFormat format, Response answer)
      throws IOException {
    Headers headers = headers(request, format, answer);
    ListingRendering rendering =
        switch (format) {
          case TEXT -> ListingRendering.text();
          case JSON -> ListingRendering.accountJson(policies);
          case XML, TEXT_XML -> ListingRendering.accountXml(request.path().account(), policies);
        };
    return respond(request, answer, headers, rendering);
  }

  Response container(RequestContext request, ListingFormat format, Response answer)
      throws IOException {
    Headers headers = headers(request, format, answer);
    int index = ContainerInfo.of(answer.headers()).policy();
    policies
        .find(index)
        .map(StoragePolicy::name)
        .ifPresent(name -> headers.set("X-Storage-Policy", name));
    request.concerns(index);
    String name = String.valueOf(request.path().container());
    return switch (format) {
      case TEXT -> respond(request, answer, headers, ListingRendering.text());
      case XML, TEXT_XML -> respond(request, answer, headers, ListingRendering.containerXml(name));
      case JSON -> asItCame(request, answer, headers);
    };
  }

  private Headers headers(RequestContext request, ListingFormat format, Response answer) {
    Headers headers = new Headers();
    answer
        .headers()
        .forEach(
            (name, value) -> {
              if (!DROPPED.contains(name)) {
                headers.add(name, value);
              }
            });
    OwnerHeaders.hide(request, headers);
    headers.set("Content-Type", format.contentType());
    if (!request.query().contains("format")) {
      headers.set("Vary", "Accept");
    }
    return headers;
  }

  /// A container's JSON is what its servers send.
  private static Response asItCame(RequestContext request, Response answer, Headers headers) {
    if (request.method().equals("HEAD")) {
      return head(answer, headers);
    }
    return new Response(200, headers, answer.body());
  }

  private Response respond(
      RequestContext request, Response answer, Headers headers, ListingRendering rendering)
      throws IOException {
    if (request.method().equals("HEAD")) {
      return head(answer, headers);
    }
    Body body =
        ProducedBody.of(
            new ListingSource(new BlockingBody(answer.body()).stream(), rendering), executor);
    return new Response(body.length() == 0 ? 204 : 200, headers, body);
  }

  private static Response head(Response answer, Headers headers) {
    answer.body().close();
    return Response.empty(204, headers.set("Content-Length", 0));
  }
}
