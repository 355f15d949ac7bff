package org.martlet.log;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpHandler;
import org.martlet.common.http.QueryString;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.ServerRequest;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.BackendSignature;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Shows and sets the levels of a running process's loggers: `GET /log/levels`, and
/// `POST /log/levels?logger=…&level=…`, both signed by somebody who has the cluster's secret;
/// `level` is that of the logger above when it is left out.
///
/// - Threads: any.
public final class LogPage {
  /// What is asked for.
  public static final String PATH = "/log/levels";

  private static final Logger LOG = LoggerFactory.getLogger(LogPage.class);

  private final ProcessLog log;
  private final BackendSignature signature;
  private final boolean signs;
  private final JsonMapper json = JsonMapper.builder().build();

  /// @param signs whether it can be told who sends a request; where it cannot, there is no page
  public LogPage(ProcessLog log, BackendSignature signature, boolean signs) {
    this.log = log;
    this.signature = signature;
    this.signs = signs;
  }

  /// The page before a server's handler.
  public HttpHandler before(HttpHandler behind) {
    return server -> {
      Request request = server.request();
      boolean mine =
          signs
              && request.rawPath().equals(PATH)
              && request.headers().contains(BackendHeaders.SIGNATURE);
      if (!mine) {
        return behind.handle(server);
      }
      try {
        return CompletableFuture.completedFuture(answer(server));
      } catch (Refused refused) {
        return CompletableFuture.completedFuture(refused.response());
      }
    };
  }

  private Response answer(ServerRequest server) {
    Request request = server.request();
    signature.check(server);
    switch (request.method()) {
      case "GET" -> {}
      case "POST" -> set(request.rawQuery());
      default ->
          throw new Refused(
              405, "The method is not allowed here", Headers.of("Allow", "GET, POST"));
    }
    return new Response(
        200,
        Headers.of("Content-Type", "application/json"),
        Body.of(json.writeValueAsString(log.levels()).getBytes(StandardCharsets.UTF_8)));
  }

  private void set(String query) {
    QueryString given = QueryString.parse(query);
    try {
      String logger = LogLevel.logger(given.getOr("logger", ""));
      Optional<LogLevel> level = Optional.ofNullable(given.get("level")).map(LogLevel::parse);
      log.set(logger, level);
      LOG.info(
          "the level of logger {} was set to {}",
          logger,
          level.map(LogLevel::toString).orElse("that above"));
    } catch (IllegalArgumentException e) {
      throw new Refused(400, String.valueOf(e.getMessage()));
    }
  }
}
