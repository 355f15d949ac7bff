package org.martlet.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.martlet.common.runtime.LogFields;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How an event looks, in both formats.
class LogLinesTest {
  private static final String NAME = "org.martlet.proxyserver.backend.ErrorLimiter";

  private final LoggerContext context = new LoggerContext();

  private LoggingEvent event(String message, @Nullable Throwable thrown, Object... arguments) {
    LoggingEvent event =
        new LoggingEvent("x", context.getLogger(NAME), Level.WARN, message, thrown, arguments);
    event.setInstant(Instant.parse("2026-11-23T10:11:12.345678Z"));
    event.setThreadName("loop-1");
    return event;
  }

  private static String text(LoggingEvent event) {
    return new TextLayout().doLayout(event);
  }

  private static JsonNode json(LoggingEvent event) {
    String line = new String(new JsonLines().encode(event), StandardCharsets.UTF_8);
    assertThat(line).endsWith("}\n");
    assertThat(line.strip()).doesNotContain("\n", "\r");
    return JsonMapper.builder().build().readTree(line);
  }

  @Test
  void aLineOfJsonHasNoCharacterThatATerminalObeys() {
    byte[] line = new JsonLines().encode(event("{}", null, "\u009b2J \u0085 \u001b[2J \u2028"));
    assertThat(new String(line, StandardCharsets.UTF_8).strip())
        .matches("\\p{Print}*")
        .contains("\\u009B2J");
  }

  @Test
  void aLineHasTimeLevelThreadLoggerAndMessage() {
    assertThat(text(event("device {} is limited", null, "d1")))
        .isEqualTo(
            "2026-11-23T10:11:12.345Z WARN  [loop-1] o.m.p.b.ErrorLimiter device d1 is limited\n");
  }

  @Test
  void whatComesFromOutsideCannotLookLikeALine() {
    String hostile = "x\r\n2026-11-23T10:11:12.345Z ERROR [main] a.b.C gone\u001b[2K\u0085\u2028\0";
    String line = text(event("name {}", null, hostile));
    assertThat(line.lines().skip(1)).allMatch(l -> l.startsWith("  "));
    assertThat(line.strip().chars())
        .noneMatch(c -> c < ' ' && c != '\n')
        .noneMatch(c -> c == 0x85 || c == 0x2028);
    assertThat(line).contains("\\x1b[2K\\x85\\x2028\\x00");
    assertThat(json(event("name {}", null, hostile)).get("message").asString())
        .isEqualTo("name " + hostile);
  }

  @Test
  void aStackTraceIsIndentedOrAField() {
    IllegalStateException fault = new IllegalStateException("first\nsecond");
    String line = text(event("it failed", fault));
    assertThat(line).contains("\n  java.lang.IllegalStateException: first\n  second\n  \tat ");
    JsonNode object = json(event("it failed", fault));
    assertThat(object.get("message").asString()).isEqualTo("it failed");
    assertThat(object.get("error").asString()).startsWith("java.lang.IllegalStateException: first");
  }

  @Test
  void anObjectHasStableNames() {
    JsonNode object = json(event("device {} is limited", null, "d1"));
    assertThat(object.propertyNames())
        .containsExactly("time", "level", "thread", "logger", "message");
    assertThat(object.get("time").asString()).isEqualTo("2026-11-23T10:11:12.345678Z");
    assertThat(object.get("level").asString()).isEqualTo("warn");
    assertThat(object.get("logger").asString()).isEqualTo(NAME);
  }

  @Test
  void fieldsOfAnArgumentAreFieldsOfTheObject() {
    LogFields fields =
        new LogFields() {
          @Override
          public void forEach(BiConsumer<String, Object> field) {
            field.accept("status", 201);
            field.accept("txn", "tx1");
          }

          @Override
          public String toString() {
            return "201 tx1";
          }
        };
    JsonNode object = json(event("{}", null, fields));
    assertThat(object.get("message").asString()).isEqualTo("201 tx1");
    assertThat(object.get("status").asInt()).isEqualTo(201);
    assertThat(object.get("txn").asString()).isEqualTo("tx1");
    assertThat(List.of(text(event("{}", null, fields)).split(" "))).endsWith("201", "tx1\n");
  }
}
