package org.martlet.e2e.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.martlet.e2e.MartletProcess;

/// One `./martlet …` process with its output in a file, so that a night of it takes no memory here.
final class ServerProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private boolean frozen;

  private ServerProcess(Process process) {
    this.process = process;
  }

  /// @param prefix what the command begins with, as `ip netns exec …`
  /// @param log what it prints is added to
  static ServerProcess start(
      List<String> prefix, Map<String, String> environment, Path log, List<String> arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(MartletProcess.home().resolve("martlet").toString());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("MARTLET_BUILD", "never");
    builder.environment().put("MARTLET_HEAP", "160m");
    builder.environment().put("MARTLET_JVM_OPTS", "-XX:TieredStopAtLevel=1");
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return new ServerProcess(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// SIGKILL; also ends what is frozen.
  void kill() {
    process.destroyForcibly();
    await();
  }

  /// SIGTERM, and SIGKILL where that has not helped in time.
  void stop() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        kill();
        throw new AssertionError(process.pid() + " does not stop");
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  private void await() {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError(process.pid() + " does not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  void freeze() {
    signal("-STOP");
    frozen = true;
  }

  void thaw() {
    if (frozen && process.isAlive()) {
      signal("-CONT");
    }
    frozen = false;
  }

  private void signal(String signal) {
    MartletProcess.Finished finished =
        MartletProcess.run(List.of("kill", signal, Long.toString(process.pid())), null);
    if (finished.exitCode() != 0) {
      throw new IllegalStateException("kill " + signal + " printed: " + finished.output());
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }
}
