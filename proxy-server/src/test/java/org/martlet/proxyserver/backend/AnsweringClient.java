package org.martlet.proxyserver.backend;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.Timeouts;

/// A client whose requests, which are sent whole, are answered by a function.
final class AnsweringClient implements HttpClient {
  private final BiFunction<Endpoint, Request, CompletableFuture<Response>> answers;

  AnsweringClient(BiFunction<Endpoint, Request, CompletableFuture<Response>> answers) {
    this.answers = answers;
  }

  @Override
  public Call send(Endpoint to, Request request, Timeouts timeouts) {
    CompletableFuture<Response> response = answers.apply(to, request);
    return new Call() {
      @Override
      public CompletableFuture<Response> response() {
        return response;
      }

      @Override
      public void abort() {}
    };
  }

  @Override
  public Upload open(Endpoint to, Request request, Timeouts timeouts) {
    throw new UnsupportedOperationException("requests are sent whole");
  }

  @Override
  public void close() {}
}
