package org.martlet;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/// Where log lines go: to standard output for a server in the foreground, to files for `up`, whose
/// standard output belongs to the user.
///
/// Lines are written by a thread of their own from a bounded queue, and dropped when it is full:
/// event loops log, and a hung log disk must not stop them.
public final class Logging {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSX} %-5level [%thread] %logger{24} %msg%n";
  private static final String MAX_FILE_SIZE = "64MB";
  private static final String TOTAL_SIZE = "256MB";
  private static final int FILES_KEPT = 7;
  private static final int QUEUE_LINES = 8192;

  private Logging() {}

  /// Nothing below a warning, on standard error: for commands that only print an answer.
  public static void quiet() {
    LoggerContext context = reset(Level.WARN);
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setTarget("System.err");
    attach(context, console);
  }

  public static void toStandardOutput() {
    attach(reset(Level.INFO), new ConsoleAppender<>());
  }

  /// To `<directory>/martlet.log`, rolled daily and by size, bounded in all.
  public static void toFile(Path directory) {
    LoggerContext context = reset(Level.INFO);
    RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
    file.setContext(context);
    file.setFile(directory.resolve("martlet.log").toString());
    file.setImmediateFlush(true);
    SizeAndTimeBasedRollingPolicy<ILoggingEvent> rolling = new SizeAndTimeBasedRollingPolicy<>();
    rolling.setContext(context);
    rolling.setParent(file);
    rolling.setFileNamePattern(directory.resolve("martlet.%d{yyyy-MM-dd}.%i.log.gz").toString());
    rolling.setMaxFileSize(FileSize.valueOf(MAX_FILE_SIZE));
    rolling.setTotalSizeCap(FileSize.valueOf(TOTAL_SIZE));
    rolling.setMaxHistory(FILES_KEPT);
    rolling.start();
    file.setRollingPolicy(rolling);
    attach(context, file);
  }

  /// Writes what is still in the queue; to be called before the process ends.
  public static void stop() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
  }

  private static LoggerContext reset(Level level) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level);
    context.getLogger("io.netty").setLevel(Level.WARN);
    return context;
  }

  private static void attach(LoggerContext context, OutputStreamAppender<ILoggingEvent> appender) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setPattern(PATTERN);
    encoder.start();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    AsyncAppender queue = new AsyncAppender();
    queue.setContext(context);
    queue.setQueueSize(QUEUE_LINES);
    queue.setDiscardingThreshold(0);
    queue.setNeverBlock(true);
    queue.addAppender(appender);
    queue.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(queue);
  }
}
