package org.martlet.common.http;

import io.micrometer.core.instrument.Clock;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One request as it is measured, from its head to the end of its answer.
///
/// - Ends once: what is told afterwards does not count.
/// - Threads: the connection's event loop, save [#concerns], which comes before the answer.
final class RequestTrace {
  private static final int CLIENT_GONE = 499;

  private final ServerMeters meters;
  private final Request request;
  private final @Nullable InetSocketAddress client;
  private final RequestLog log;
  private final Clock clock;
  private final long began;
  private volatile int policy = ServerMeters.NO_POLICY;
  private int status;
  private long firstByte;
  private boolean over;

  RequestTrace(
      ServerMeters meters, Request request, @Nullable InetSocketAddress client, RequestLog log) {
    this.meters = meters;
    this.request = request;
    this.client = client;
    this.log = log;
    this.clock = meters.clock();
    this.began = clock.monotonicTime();
  }

  void concerns(int policyIndex) {
    policy = policyIndex;
  }

  /// The head of the answer is written.
  void answered(int code) {
    status = code;
    firstByte = clock.monotonicTime();
  }

  /// The answer got through whole, as far as the server can tell.
  void finished(long received, long sent) {
    end(status, true, received, sent);
  }

  /// The answer cannot be finished.
  ///
  /// @param instead the code that is answered in its place; 0 if it was begun
  void broken(int instead, long received, long sent) {
    end(instead == 0 ? status : instead, instead != 0, received, sent);
  }

  /// The client went away.
  void gone(long received, long sent) {
    end(status == 0 ? CLIENT_GONE : status, status == 0, received, sent);
  }

  private void end(int code, boolean whole, long received, long sent) {
    if (over) {
      return;
    }
    over = true;
    RequestMeters counted = meters.of(request, policy);
    long took = clock.monotonicTime() - began;
    counted.count(code, took, received, sent);
    if (!whole) {
      counted.cut();
    }
    if (sent > 0 && code / 100 == 2) {
      counted.began(firstByte - began);
    }
    log.ended(
        new RequestLog.Ended(
            request, client, code, whole, received, sent, policy, Duration.ofNanos(took)));
  }
}
