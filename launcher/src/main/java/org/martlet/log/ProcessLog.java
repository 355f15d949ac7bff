package org.martlet.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.martlet.UserMistake;
import org.slf4j.LoggerFactory;

/// The log of this process.
///
/// Lines are written by a thread of their own from a bounded queue, and dropped when it is full:
/// event loops log, and a hung log disk must not stop them.
///
/// - Threads: any.
public final class ProcessLog implements AutoCloseable {
  /// The name by which the level of all loggers goes.
  public static final String ROOT = Logger.ROOT_LOGGER_NAME;

  /// The loggers that get a line for each request to a storage server.
  public static final List<String> STORAGE_ACCESS =
      List.of("martlet.object.access", "martlet.container.access", "martlet.account.access");

  /// The logger that gets a line for each request to a proxy.
  private static final String PROXY_ACCESS = "martlet.proxy.access";

  private static final String MAX_FILE_SIZE = "64MB";
  private static final String TOTAL_SIZE = "256MB";
  private static final int FILES_KEPT = 7;
  private static final int QUEUE_LINES = 8192;
  private static final int TELL_SECONDS = 5;

  private final LoggerContext context;
  private final RepeatLimit repeats;
  private final ScheduledExecutorService timer;

  private ProcessLog(LoggerContext context, RepeatLimit repeats, ScheduledExecutorService timer) {
    this.context = context;
    this.repeats = repeats;
    this.timer = timer;
  }

  /// Nothing below a warning, on standard error.
  public static ProcessLog quiet() {
    LoggerContext context = context();
    context.reset();
    context.getLogger(ROOT).setLevel(Level.WARN);
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setTarget("System.err");
    attach(context, console, encoder(context, LogConfig.Format.TEXT));
    return new ProcessLog(
        context, new RepeatLimit(LogConfig.Repeats.DEFAULT, System::nanoTime), timer());
  }

  /// Logs as is configured, from now on.
  ///
  /// @param byDefault the file that lines go to if none is configured; else standard output
  @SuppressWarnings("FutureReturnValueIgnored") // it does not fail
  public static ProcessLog start(LogConfig config, Optional<Path> byDefault) {
    LoggerContext context = context();
    context.reset();
    RepeatLimit repeats = new RepeatLimit(config.repeats(), System::nanoTime);
    repeats.setContext(context);
    repeats.start();
    context.addTurboFilter(repeats);
    OutputStreamAppender<ILoggingEvent> appender =
        config
            .file()
            .or(() -> byDefault)
            .map(file -> file(context, file))
            .orElseGet(ConsoleAppender::new);
    attach(context, appender, encoder(context, config.format()));
    ScheduledExecutorService timer = timer();
    timer.scheduleWithFixedDelay(repeats::tell, TELL_SECONDS, TELL_SECONDS, TimeUnit.SECONDS);
    ProcessLog log = new ProcessLog(context, repeats, timer);
    log.apply(config);
    return log;
  }

  /// Writes what is still in the queue, of whatever log there is; nothing is logged afterwards.
  public static void stop() {
    context().stop();
  }

  /// Puts levels and limits in force; format and file stay as they are.
  public synchronized void apply(LogConfig config) {
    repeats.set(config.repeats());
    context.getLoggerList().stream()
        .filter(logger -> !logger.getName().equals(ROOT))
        .forEach(logger -> logger.setLevel(null));
    context.getLogger(ROOT).setLevel(config.level().level());
    context.getLogger("io.netty").setLevel(Level.WARN);
    context.getLogger(PROXY_ACCESS).setLevel(Level.INFO);
    Level access = config.storageAccess() ? Level.INFO : Level.OFF;
    STORAGE_ACCESS.forEach(name -> context.getLogger(name).setLevel(access));
    config.levels().forEach((name, level) -> context.getLogger(name).setLevel(level.level()));
  }

  /// Sets a logger's level until the configuration is read again.
  ///
  /// @param level none for that of the logger above; the root keeps its own
  public synchronized void set(String name, Optional<LogLevel> level) {
    @Nullable Level given = level.map(LogLevel::level).orElse(null);
    if (given != null || !name.equals(ROOT)) {
      context.getLogger(name).setLevel(given);
    }
  }

  /// The levels in force, of those loggers that have one of their own.
  public synchronized SortedMap<String, LogLevel> levels() {
    SortedMap<String, LogLevel> levels = new TreeMap<>();
    for (Logger logger : context.getLoggerList()) {
      if (logger.getLevel() != null) {
        levels.put(logger.getName(), LogLevel.of(logger.getLevel()));
      }
    }
    return levels;
  }

  /// Ends the regular work; lines are written until [#stop].
  @Override
  public void close() {
    repeats.tell();
    timer.shutdownNow();
  }

  /// Without a thread until it has something to do.
  private static ScheduledExecutorService timer() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name("log").factory());
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogConfig.Format format) {
    return switch (format) {
      case JSON -> {
        JsonLines lines = new JsonLines();
        lines.setContext(context);
        lines.start();
        yield lines;
      }
      case TEXT -> {
        TextLayout layout = new TextLayout();
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> lines = new LayoutWrappingEncoder<>();
        lines.setContext(context);
        lines.setCharset(StandardCharsets.UTF_8);
        lines.setLayout(layout);
        lines.start();
        yield lines;
      }
    };
  }

  /// Rolled daily and by size, bounded in all.
  private static OutputStreamAppender<ILoggingEvent> file(LoggerContext context, Path path) {
    RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
    file.setContext(context);
    file.setName(path.toString());
    file.setFile(path.toString());
    file.setImmediateFlush(true);
    SizeAndTimeBasedRollingPolicy<ILoggingEvent> rolling = new SizeAndTimeBasedRollingPolicy<>();
    rolling.setContext(context);
    rolling.setParent(file);
    rolling.setFileNamePattern(rolled(path));
    rolling.setMaxFileSize(FileSize.valueOf(MAX_FILE_SIZE));
    rolling.setTotalSizeCap(FileSize.valueOf(TOTAL_SIZE));
    rolling.setMaxHistory(FILES_KEPT);
    rolling.start();
    file.setRollingPolicy(rolling);
    return file;
  }

  private static String rolled(Path path) {
    String name = path.getFileName().toString();
    String stem = name.endsWith(".log") ? name.substring(0, name.length() - 4) : name;
    return path.resolveSibling(stem + ".%d{yyyy-MM-dd}.%i.log.gz").toString();
  }

  private static void attach(
      LoggerContext context,
      OutputStreamAppender<ILoggingEvent> appender,
      Encoder<ILoggingEvent> encoder) {
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    if (!appender.isStarted()) {
      throw new UserMistake("the log cannot be written to " + appender.getName());
    }
    AsyncAppender queue = new AsyncAppender();
    queue.setContext(context);
    queue.setQueueSize(QUEUE_LINES);
    queue.setDiscardingThreshold(0);
    queue.setNeverBlock(true);
    queue.addAppender(appender);
    queue.start();
    context.getLogger(ROOT).addAppender(queue);
  }
}
