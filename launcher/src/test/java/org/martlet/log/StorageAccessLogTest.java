package org.martlet.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Request;
import org.martlet.common.http.RequestLog;

class StorageAccessLogTest {
  private final Logger logger = new LoggerContext().getLogger("martlet.object.access");
  private final ListAppender<ILoggingEvent> written = new ListAppender<>();
  private final StorageAccessLog log =
      new StorageAccessLog(logger, () -> Instant.parse("2026-11-23T10:11:12.5Z"), 4711);

  @BeforeEach
  void attach() {
    written.start();
    logger.addAppender(written);
    logger.setLevel(Level.INFO);
  }

  private List<String> lines() {
    return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private void ended(String target, boolean whole, int policy, Headers headers) {
    log.ended(
        new RequestLog.Ended(
            Request.withoutBody("PUT", target, headers),
            new InetSocketAddress("127.0.0.1", 50_000),
            201,
            whole,
            1234,
            17,
            policy,
            Duration.ofMillis(12)));
  }

  @Test
  void aLineHasSwiftsFields() {
    ended(
        "/d1/12/AUTH_test/c/o%20p",
        true, 1, Headers.of("X-Trans-Id", "tx1-2", "User-Agent", "proxy 1"));
    assertThat(lines())
        .containsExactly(
            "127.0.0.1 - - [23/Nov/2026:10:11:12 +0000] \"PUT /d1/12/AUTH_test/c/o%20p\" 201 17"
                + " \"-\" \"tx1-2\" \"proxy 1\" 0.0120 \"-\" 4711 1 1234");
  }

  @Test
  void aHostileRequestMakesOneLineWithItsFieldsInPlace() {
    ended(
        "/d1/1/a\"\\\t\u00ff",
        false,
        -1,
        Headers.of("X-Trans-Id", "a\" \"b\t127.0.0.1 - -", "User-Agent", "\u00ff[2K"));
    assertThat(lines())
        .containsExactly(
            "127.0.0.1 - - [23/Nov/2026:10:11:12 +0000] \"PUT /d1/1/a%22%5C%09%FF\" 201 17 \"-\""
                + " \"a%22 %22b%09127.0.0.1 - -\" \"%FF[2K\" 0.0120 \"cut\" 4711 - 1234");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/healthcheck",
        "/ready",
        "/metrics",
        "/recon/devices",
        "/rings",
        "/rings/object.ring.gz",
        "/log/levels",
        "/d1/replication/digests?policy=0",
        "/replication/pause"
      })
  void whatIsNotOfClientsIsForThoseWhoLookForIt(String target) {
    ended(target, true, -1, new Headers());
    assertThat(lines()).isEmpty();
    logger.setLevel(Level.DEBUG);
    ended(target, true, -1, new Headers());
    assertThat(lines()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/d1", "/d1/0/a/c", "/d1/0/a"})
  void rowsContainersAndAccountsAreOfClients(String target) {
    ended(target, true, -1, new Headers());
    assertThat(lines()).hasSize(1);
  }

  @Test
  void asAnObjectItHasFields() {
    ended("/d1/0/a/c/o", true, 0, Headers.of("X-Trans-Id", "tx9"));
    String object =
        new String(new JsonLines().encode(written.list.getFirst()), StandardCharsets.UTF_8);
    assertThat(object)
        .contains(
            "\"method\":\"PUT\"",
            "\"target\":\"/d1/0/a/c/o\"",
            "\"status\":201",
            "\"txn\":\"tx9\"",
            "\"policy\":0",
            "\"seconds\":0.012");
  }
}
