package org.martlet.proxyserver.backend;

import java.util.concurrent.CompletionException;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.Timeouts;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.proxyserver.quorum.Vote;

/// Sends one request to one device: signed, numbered, with timeouts; and keeps count of failures.
///
/// Threads: any; nothing here blocks.
public final class BackendClient {

  private final HttpClient http;
  private final BackendSignature signature;
  private final ErrorLimiter limiter;
  private final Timeouts timeouts;

  public BackendClient(
      HttpClient http, BackendSignature signature, ErrorLimiter limiter, BackendConfig config) {
    this.http = http;
    this.signature = signature;
    this.limiter = limiter;
    this.timeouts =
        new Timeouts(config.connectTimeout(), config.nodeTimeout(), config.nodeTimeout());
  }

  ErrorLimiter limiter() {
    return limiter;
  }

  /// Sends head and body.
  ///
  /// @param slot which of the copies the device is asked for: tells it whom it reports to
  public HttpClient.Call send(BackendNode node, int slot, BackendRequest request) {
    return http.send(node.endpoint(), message(node, slot, request), timeouts);
  }

  /// Sends the head; the body waits for the device's consent.
  public HttpClient.Upload open(BackendNode node, int slot, BackendRequest request) {
    return http.open(node.endpoint(), message(node, slot, request), timeouts);
  }

  private Request message(BackendNode node, int slot, BackendRequest request) {
    String target = request.target(node);
    Headers headers = request.headers().copy();
    headers.set(BackendHeaders.TRANSACTION, request.transactionId());
    headers.set(BackendHeaders.REPLICA_INDEX, slot);
    Request message = new Request(request.method(), target, headers, request.body().get());
    signature.sign(request.method(), target, message.body().length(), headers);
    return message;
  }

  /// What a device's answer counts for; a failing device is noted. An answer that tells of our own
  /// mistake (a wrong signature, an unknown method) counts as a failure of the device, 503: no
  /// client should see it.
  Vote vote(BackendNode node, BackendRequest request, Response response) {
    int status = response.status();
    if (status == 507) {
      limiter.unusable(node.device());
    } else if (status >= 500 || status == 401 || status == 405) {
      limiter.failed(node.device(), "status " + status);
    }
    int counted = status == 401 || status == 405 ? 503 : status;
    return AnswerClock.vote(node.voter(), counted, request.path(), status, response.headers());
  }

  /// Notes that a device did not answer. Giving up ourselves is not its fault.
  public void note(BackendNode node, Throwable problem) {
    if (!wasAborted(problem) && HttpFault.of(problem).kind() != HttpFault.Kind.EXHAUSTED) {
      limiter.failed(node.device(), String.valueOf(cause(problem).getMessage()));
    }
  }

  static boolean wasAborted(Throwable problem) {
    return cause(problem) instanceof HttpFault fault && fault.kind() == HttpFault.Kind.ABORTED;
  }

  private static Throwable cause(Throwable problem) {
    Throwable cause = problem.getCause();
    return problem instanceof CompletionException && cause != null ? cause : problem;
  }
}
