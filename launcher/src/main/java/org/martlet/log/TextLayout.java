package org.martlet.log;

import ch.qos.logback.classic.pattern.TargetLengthBasedClassNameAbbreviator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// An event as a line for people: time, level, thread, logger, message; further lines of a message
/// and stack traces are indented.
///
/// - Threads: any.
final class TextLayout extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final int LOGGER_LENGTH = 24;

  /// Loggers that are no classes' are not abbreviated: people search for their names.
  private static final String WHOLE = "martlet.";
  private static final int LEVEL_LENGTH = 5;

  private final TargetLengthBasedClassNameAbbreviator loggers =
      new TargetLengthBasedClassNameAbbreviator(LOGGER_LENGTH);

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(256);
    TIME.formatTo(event.getInstant(), line);
    String level = event.getLevel().toString();
    line.append(' ')
        .append(level)
        .append(" ".repeat(Math.max(1, LEVEL_LENGTH + 1 - level.length())));
    line.append('[').append(event.getThreadName()).append("] ");
    String logger = event.getLoggerName();
    line.append(logger.startsWith(WHOLE) ? logger : loggers.abbreviate(logger)).append(' ');
    appendIndented(line, event.getFormattedMessage());
    line.append('\n');
    if (event.getThrowableProxy() != null) {
      line.append("  ");
      appendIndented(line, ThrowableProxyUtil.asString(event.getThrowableProxy()).stripTrailing());
      line.append('\n');
    }
    return line.toString();
  }

  /// What is not printable is shown as `\xNN`; nothing but our own lines begins at the margin.
  static void appendIndented(StringBuilder line, String text) {
    int end = text.endsWith("\n") ? text.length() - 1 : text.length();
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line.append("\n  ");
      } else if (c == '\t' || !isControl(c)) {
        line.append(c);
      } else if (c != '\r' || i + 1 == end || text.charAt(i + 1) != '\n') {
        line.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
      }
    }
  }

  /// Also what only some programs take for the end of a line, or for a command of a terminal.
  private static boolean isControl(char c) {
    return c < ' ' || c == 0x7f || (c >= 0x80 && c < 0xa0) || c == '\u2028' || c == '\u2029';
  }
}
