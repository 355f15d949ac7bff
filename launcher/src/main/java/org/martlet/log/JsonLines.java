package org.martlet.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Set;
import org.martlet.common.runtime.LogFields;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/// An event as a JSON object and a line end: `time`, `level`, `thread`, `logger`, `message`, with
/// `error` for a stack trace, and the fields of [LogFields] among its arguments.
///
/// - Threads: any.
final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};
  private static final Set<String> OWN =
      Set.of("time", "level", "thread", "logger", "message", "error");

  /// Terminals take some characters past ASCII for commands, and programs for ends of lines.
  private final JsonMapper json =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(512);
    try (JsonGenerator out = json.createGenerator(line)) {
      out.writeStartObject();
      out.writeStringProperty("time", event.getInstant().toString());
      out.writeStringProperty("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
      out.writeStringProperty("thread", event.getThreadName());
      out.writeStringProperty("logger", event.getLoggerName());
      out.writeStringProperty("message", event.getFormattedMessage());
      if (event.getThrowableProxy() != null) {
        out.writeStringProperty("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
      Object[] arguments = event.getArgumentArray();
      if (arguments != null && arguments.length == 1 && arguments[0] instanceof LogFields fields) {
        fields.forEach((name, value) -> write(out, name, value));
      }
      out.writeEndObject();
    }
    line.write('\n');
    return line.toByteArray();
  }

  private static void write(JsonGenerator out, String name, Object value) {
    if (OWN.contains(name)) {
      throw new IllegalArgumentException("a field is called as one of every event: " + name);
    }
    switch (value) {
      case Long number -> out.writeNumberProperty(name, number);
      case Integer number -> out.writeNumberProperty(name, number);
      case Double number -> out.writeNumberProperty(name, number);
      case Boolean truth -> out.writeBooleanProperty(name, truth);
      default -> out.writeStringProperty(name, value.toString());
    }
  }
}
