package org.martlet.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One `./martlet …` process and what it has printed so far.
public final class MartletProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private MartletProcess(Process process) {
    this.process = process;
    Thread reader =
        Thread.ofPlatform().daemon().name("output-of-" + process.pid()).unstarted(this::read);
    reader.start();
  }

  /// The checkout's top level.
  public static Path home() {
    Path here = Path.of("").toAbsolutePath();
    while (here != null && !Files.isRegularFile(here.resolve("martlet"))) {
      here = here.getParent();
    }
    if (here == null) {
      throw new IllegalStateException("no file ./martlet above " + Path.of("").toAbsolutePath());
    }
    return here;
  }

  static MartletProcess start(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(home().resolve("martlet").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MARTLET_BUILD", "never");
    builder.environment().putIfAbsent("MARTLET_HEAP", "320m");
    try {
      return new MartletProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("(output ended: " + e.getMessage() + ")");
    }
    synchronized (this) {
      ended = true;
      notifyAll();
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
    notifyAll();
  }

  /// Waits for a line that the pattern is found in.
  ///
  /// @throws AssertionError with all output if the process ends or two minutes pass without one
  synchronized Matcher await(Pattern pattern) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int next = 0;
    while (true) {
      for (; next < lines.size(); next++) {
        Matcher matcher = pattern.matcher(lines.get(next));
        if (matcher.find()) {
          return matcher;
        }
      }
      long left = deadline - System.nanoTime();
      if (ended || left <= 0) {
        throw new AssertionError("no line with " + pattern + " in:\n" + String.join("\n", lines));
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
    }
  }

  synchronized String output() {
    return String.join("\n", lines);
  }

  long pid() {
    return process.pid();
  }

  /// Ends it as a power cut would, as far as a process can tell.
  void kill() {
    process.destroyForcibly();
    exitCode();
  }

  /// Asks it to drain and stop.
  int stop() {
    process.destroy();
    return exitCode();
  }

  int exitCode() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("it does not end; output:\n" + output());
      }
      awaitEndOfOutput();
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private synchronized void awaitEndOfOutput() throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!ended && System.nanoTime() < deadline) {
      TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }

  /// Runs any program to its end.
  public static Finished run(List<String> command, @Nullable Path directory) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    builder.environment().put("RCLONE_CONFIG", "/dev/null");
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Finished(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /// A program's exit code and all it printed.
  public record Finished(int exitCode, String output) {}
}
