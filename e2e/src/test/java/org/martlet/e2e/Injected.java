package org.martlet.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Faults that strace makes in the system calls of a running process, for one file.
final class Injected implements AutoCloseable {
  private final Process strace;
  private final CountDownLatch attached = new CountDownLatch(1);

  private Injected(Process strace) {
    this.strace = strace;
    Thread.ofPlatform().daemon().name("strace").start(this::read);
  }

  /// @param fault such as `fdatasync:error=EIO`
  static Injected into(MartletProcess process, Path file, String fault) throws IOException {
    String call = fault.substring(0, fault.indexOf(':'));
    return new Injected(
        new ProcessBuilder(
                "strace",
                "-f",
                "-p",
                Long.toString(process.pid()),
                "-P",
                file.toString(),
                "-e",
                "trace=" + call,
                "-e",
                "inject=" + fault)
            .redirectErrorStream(true)
            .start());
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(strace.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains("attached")) {
          attached.countDown();
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  void awaitAttached() throws InterruptedException {
    if (!attached.await(30, TimeUnit.SECONDS)) {
      throw new AssertionError("strace is not attached");
    }
  }

  /// Lets the process go on without.
  @Override
  public void close() throws InterruptedException {
    strace.destroy();
    strace.waitFor();
  }
}
