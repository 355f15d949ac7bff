package org.martlet.replicator.run;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.BackgroundIds;

/// Signed requests to one device of one server, answers read whole up to a limit.
///
/// - Bound: an answer longer than was to be expected is refused before it is read.
/// - Threads: any that may block.
public final class DeviceCalls {
  /// How much of an error's text is kept.
  private static final int ERROR_BYTES = 4096;

  private final Wire wire;
  private final Endpoint endpoint;
  private final String device;
  private final BackgroundIds ids = new BackgroundIds("repl", System.nanoTime());

  /// @param device its name, as in the ring
  public DeviceCalls(Wire wire, Endpoint endpoint, String device) {
    this.wire = wire;
    this.endpoint = endpoint;
    this.device = device;
  }

  /// A whole answer of status 2xx.
  public static final class Answer {
    private final Headers headers;
    private final byte[] body;

    private Answer(Headers headers, byte[] body) {
      this.headers = headers;
      this.body = body;
    }

    public Headers headers() {
      return headers;
    }

    public byte[] body() {
      return body;
    }
  }

  /// Turns an answer's bytes into what they say.
  public interface Decoder<T> {
    /// @throws IllegalArgumentException if it is no such answer
    T decode(Answer answer);
  }

  /// @param pathAndQuery what follows the device's name
  /// @param max bytes of the answer
  public <T> T get(String pathAndQuery, int max, Decoder<T> decoder) throws ReplicaFault {
    return decoded(get(pathAndQuery), max, decoder);
  }

  /// @param pathAndQuery what follows the device's name
  /// @param max bytes of the answer
  public <T> T post(String pathAndQuery, byte[] body, int max, Decoder<T> decoder)
      throws ReplicaFault {
    return decoded(sendPaid(body.length, "POST", pathAndQuery, Body.of(body)), max, decoder);
  }

  /// The answer to a request without a body, of any status; its own body is left to the caller.
  Response get(String pathAndQuery) throws ReplicaFault {
    return sendPaid(0, "GET", pathAndQuery, Body.empty());
  }

  /// Sends a body that takes from the budget as it is pulled, and waits for the answer's head.
  ///
  /// @return of any status
  Response put(String pathAndQuery, Body body) throws ReplicaFault {
    return sendPaid(0, "PUT", pathAndQuery, body);
  }

  private Response sendPaid(long bytes, String method, String pathAndQuery, Body body)
      throws ReplicaFault {
    try {
      wire.budget().takeRequest();
      wire.budget().takeBytes(bytes);
    } catch (ReplicaFault e) {
      body.close();
      throw e;
    }
    String target = "/" + device + pathAndQuery;
    Headers headers = new Headers();
    headers.set(BackendHeaders.TRANSACTION, ids.next());
    wire.signature().sign(method, target, body.length(), headers);
    Request request = new Request(method, target, headers, body);
    HttpClient.Call call = wire.client().send(endpoint, request, wire.timeouts());
    try {
      return await(call.response());
    } catch (ReplicaFault e) {
      call.abort();
      throw e;
    }
  }

  /// The answer if it is of status 2xx, else the fault that it means; the body is then closed.
  Response successful(Response response) throws ReplicaFault {
    if (response.isSuccess()) {
      return response;
    }
    String text = "";
    try {
      text =
          new String(await(Bodies.readAll(response.body(), ERROR_BYTES)), StandardCharsets.UTF_8);
    } catch (ReplicaFault e) {
      text = "no words";
    }
    boolean later = response.status() == 503 || response.status() == 507;
    throw fault(
        later ? ReplicaFault.Kind.UNAVAILABLE : ReplicaFault.Kind.PROTOCOL,
        "it answered " + response.status() + ": " + text.strip());
  }

  byte[] readAll(Response response, int max) throws ReplicaFault {
    byte[] bytes = await(Bodies.readAll(response.body(), max));
    wire.budget().owe(bytes.length);
    return bytes;
  }

  <T> T decoded(Response response, int max, Decoder<T> decoder) throws ReplicaFault {
    Response good = successful(response);
    Answer answer = new Answer(good.headers(), readAll(good, max));
    try {
      return decoder.decode(answer);
    } catch (IllegalArgumentException e) {
      throw new ReplicaFault(
          ReplicaFault.Kind.PROTOCOL, this + ": the answer is none: " + e.getMessage(), e);
    }
  }

  <T> T await(CompletableFuture<T> future) throws ReplicaFault {
    try {
      return future.get();
    } catch (ExecutionException e) {
      HttpFault fault = HttpFault.of(e);
      throw new ReplicaFault(kindOf(fault), this + ": " + fault.getMessage(), fault);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReplicaFault(ReplicaFault.Kind.STOPPED, this + ": interrupted", e);
    }
  }

  ReplicaFault fault(ReplicaFault.Kind kind, String message) {
    return new ReplicaFault(kind, this + ": " + message);
  }

  Budget budget() {
    return wire.budget();
  }

  private static ReplicaFault.Kind kindOf(HttpFault fault) {
    return switch (fault.kind()) {
      case CONNECT, TIMEOUT, CLOSED, ABORTED -> ReplicaFault.Kind.UNREACHABLE;
      case EXHAUSTED -> ReplicaFault.Kind.UNAVAILABLE;
      case PROTOCOL, TOO_LARGE -> ReplicaFault.Kind.PROTOCOL;
    };
  }

  /// `host:port/device`.
  @Override
  public String toString() {
    return endpoint + "/" + device;
  }
}
