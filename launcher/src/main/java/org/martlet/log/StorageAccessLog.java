package org.martlet.log;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.LoggedTarget;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.http.Request;
import org.martlet.common.http.RequestLog;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.runtime.LogFields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line for each request to a storage server, with the fields and the order of Swift's, and the
/// bytes of the request's body at the end.
///
/// What replication and operators ask for is of level debug: an idle cluster's log is quiet.
public final class StorageAccessLog implements RequestLog {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Logger log;
  private final InstantSource clock;
  private final long process;

  /// @param logger its name, see [ProcessLog#STORAGE_ACCESS]
  public StorageAccessLog(String logger, InstantSource clock) {
    this(LoggerFactory.getLogger(logger), clock, ProcessHandle.current().pid());
  }

  StorageAccessLog(Logger log, InstantSource clock, long process) {
    this.log = log;
    this.clock = clock;
    this.process = process;
  }

  @Override
  public void ended(Ended request) {
    if (isOfClients(request.request().rawPath())) {
      if (log.isInfoEnabled()) {
        log.info("{}", new Line(request, clock.instant(), process));
      }
    } else if (log.isDebugEnabled()) {
      log.debug("{}", new Line(request, clock.instant(), process));
    }
  }

  /// Whether a path is that of an object, container or account, or of rows for one.
  private static boolean isOfClients(String path) {
    int second = path.indexOf('/', 1);
    if (second < 0) {
      return !path.equals("/healthcheck")
          && !path.equals("/ready")
          && !path.equals("/metrics")
          && !path.equals("/rings");
    }
    return !path.startsWith("/replication/", second)
        && !path.startsWith("/recon/")
        && !path.startsWith("/rings/")
        && !path.startsWith("/log/")
        && !path.startsWith("/replication/");
  }

  private record Line(Ended ended, Instant end, long process) implements LogFields {
    private double seconds() {
      return ended.took().toNanos() / 1e9;
    }

    private String remote() {
      InetSocketAddress client = ended.client();
      InetAddress address = client == null ? null : client.getAddress();
      return address == null ? "-" : address.getHostAddress();
    }

    @Override
    public void forEach(BiConsumer<String, Object> field) {
      Request request = ended.request();
      Headers headers = request.headers();
      field.accept("remote", remote());
      field.accept("method", request.method());
      field.accept("target", LoggedTarget.of(request.target()));
      field.accept("status", ended.status());
      field.accept("whole", ended.whole());
      field.accept("received", ended.received());
      field.accept("sent", ended.sent());
      field.accept("seconds", seconds());
      field.accept("txn", headers.getOr(BackendHeaders.TRANSACTION, ""));
      if (ended.policy() >= 0) {
        field.accept("policy", ended.policy());
      }
    }

    @Override
    public String toString() {
      Request request = ended.request();
      Headers headers = request.headers();
      StringBuilder line = new StringBuilder(256);
      line.append(remote()).append(" - - [");
      TIME.formatTo(end, line);
      line.append("] \"").append(quoted(request.method())).append(' ');
      line.append(LoggedTarget.of(request.target())).append("\" ");
      line.append(ended.status()).append(' ').append(ended.sent()).append(" \"");
      line.append(quoted(headers.get("Referer"))).append("\" \"");
      line.append(quoted(headers.get(BackendHeaders.TRANSACTION))).append("\" \"");
      line.append(quoted(headers.get("User-Agent"))).append("\" ");
      // Of a millisecond.
      long tenths = ended.took().toNanos() / 100_000;
      line.append(tenths / 10_000).append('.');
      line.append(Long.toString(10_000 + tenths % 10_000), 1, 5);
      line.append(ended.whole() ? " \"-\" " : " \"cut\" ").append(process).append(' ');
      line.append(ended.policy() < 0 ? "-" : Integer.toString(ended.policy()));
      return line.append(' ').append(ended.received()).toString();
    }

    private static String quoted(@Nullable String value) {
      return value == null || value.isEmpty()
          ? "-"
          : PercentCoding.encodeLatin1(value, " !#$&'()*+,/:;<=>?@[]^`{|}");
    }
  }
}
