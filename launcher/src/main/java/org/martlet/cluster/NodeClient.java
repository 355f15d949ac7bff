package org.martlet.cluster;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.martlet.UserMistake;
import org.martlet.common.http.BlockingBody;
import org.martlet.common.http.BlockingHandlers;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.EventLoops;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.HttpClientConfig;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.NettyHttpClient;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.Timeouts;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.terminal.Sheet;

/// Signed requests of a command to a cluster's servers; many may be on the way at once.
///
/// - Bound: 64 MiB an answer.
/// - Threads: one.
public final class NodeClient implements AutoCloseable {
  private static final int MAX_ANSWER = 64 << 20;
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final BackendSignature signature;
  private final Timeouts timeouts;
  private final EventLoops loops = EventLoops.start();
  private final HttpClient client = new NettyHttpClient(loops, HttpClientConfig.DEFAULT);

  /// Characters of what a server says that are shown.
  private static final int MAX_TOLD = 300;

  /// @param answer how long a server may take to begin its answer
  public NodeClient(Cluster cluster, Duration answer) {
    this.timeouts = new Timeouts(CONNECT, answer, IDLE);
    this.signature = cluster.signature(InstantSource.system());
  }

  /// An address as it is given on a command line.
  ///
  /// @throws UserMistake if it is none
  public static Endpoint endpoint(String text) {
    int colon = text.lastIndexOf(':');
    try {
      String host = text.substring(0, colon);
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      return new Endpoint(
          bracketed ? host.substring(1, host.length() - 1) : host,
          Integer.parseInt(text.substring(colon + 1)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new UserMistake(text + " is not of the form HOST:PORT", e);
    }
  }

  /// What a server said.
  ///
  /// @param status 0 where there is no answer
  /// @param body of an answer of status 2xx, as UTF-8; empty for others
  /// @param fault in words, why there is no answer or not a good one; null for a good one
  public record Answer(int status, String body, @Nullable String fault) {}

  /// Sends; the answer is for [#await].
  public HttpClient.Call send(
      Endpoint server, String method, String target, Headers more, byte[] body) {
    Headers headers = more.copy();
    signature.sign(method, target, body.length, headers);
    Body sent = body.length == 0 ? Body.empty() : Bodies.sliced(body, () -> {});
    return client.send(server, new Request(method, target, headers, sent), timeouts);
  }

  /// Sends a request without a body.
  public HttpClient.Call send(Endpoint server, String method, String target) {
    return send(server, method, target, new Headers(), new byte[0]);
  }

  /// Waits for an answer and reads it whole.
  public static Answer await(HttpClient.Call call) {
    Content content = content(call);
    return content.fault() == null
        ? new Answer(content.status(), new String(content.bytes(), StandardCharsets.UTF_8), null)
        : new Answer(content.status(), "", content.fault());
  }

  /// What a server sent.
  ///
  /// @param status 0 where there is no answer
  /// @param bytes of an answer of status 2xx; empty for others
  /// @param fault as in an [Answer]
  @SuppressWarnings("ArrayRecordComponent") // whose owner does not change it, nor compares it
  public record Content(int status, byte[] bytes, @Nullable String fault) {}

  /// Waits for an answer that is no text.
  public static Content content(HttpClient.Call call) {
    try {
      Response response = BlockingHandlers.await(call.response());
      try (BlockingBody body = new BlockingBody(response.body())) {
        byte[] answer = body.readAll(MAX_ANSWER);
        return response.isSuccess()
            ? new Content(response.status(), answer, null)
            : new Content(
                response.status(),
                new byte[0],
                refused(response.status(), new String(answer, StandardCharsets.UTF_8)));
      }
    } catch (HttpFault e) {
      return new Content(0, new byte[0], "no answer: " + told(String.valueOf(e.getMessage())));
    }
  }

  /// A whole answer, with its headers.
  ///
  /// @param status 0 where there is no answer
  /// @param body also of an answer that is not good
  /// @param fault as in an [Answer]
  @SuppressWarnings("ArrayRecordComponent") // whose owner does not change it, nor compares it
  public record Reply(int status, Headers headers, byte[] body, @Nullable String fault) {}

  /// Waits for an answer to its last byte, but not longer than to a moment of
  /// [System#nanoTime]; then the call is given up.
  ///
  /// @param most bytes that the answer may have
  public static Reply reply(HttpClient.Call call, long deadline, int most) {
    try {
      Response response =
          call.response().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      byte[] body =
          Bodies.readAll(response.body(), most)
              .get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      @Nullable String fault =
          response.isSuccess()
              ? null
              : refused(response.status(), new String(body, StandardCharsets.UTF_8));
      return new Reply(response.status(), response.headers(), body, fault);
    } catch (ExecutionException e) {
      call.abort();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return new Reply(
          0, new Headers(), new byte[0], "no answer: " + told(String.valueOf(cause.getMessage())));
    } catch (TimeoutException e) {
      call.abort();
      return new Reply(0, new Headers(), new byte[0], "no whole answer in time");
    } catch (InterruptedException e) {
      call.abort();
      Thread.currentThread().interrupt();
      return new Reply(0, new Headers(), new byte[0], "the command was interrupted");
    }
  }

  /// The same as text.
  public static Answer await(HttpClient.Call call, long deadline, int most) {
    Reply reply = reply(call, deadline, most);
    String text = reply.fault() == null ? new String(reply.body(), StandardCharsets.UTF_8) : "";
    return new Answer(reply.status(), text, reply.fault());
  }

  /// What another says, fit for a line on a terminal.
  private static String told(String text) {
    String line = text.substring(0, Math.min(text.length(), MAX_TOLD)).replaceAll("\\s+", " ");
    return Sheet.shown(line.strip()) + (text.length() > MAX_TOLD ? "…" : "");
  }

  private static String refused(int status, String answer) {
    String text = told(answer);
    return switch (status) {
      case 401 -> "it refuses the request: " + text;
      case 404, 405 -> "it does not know the request, is it of another version? It says: " + text;
      default -> "it answers " + status + ": " + text;
    };
  }

  @Override
  public void close() {
    client.close();
    loops.close();
  }
}
