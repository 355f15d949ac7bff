package org.martlet.e2e.chaos;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Every change with its outcome, a line each, on a disk that nobody breaks: for whoever looks for
/// the cause of a finding.
///
/// Threads: any.
final class Journal implements AutoCloseable {
  private final BufferedWriter writer;

  Journal(Path file) throws IOException {
    this.writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
  }

  synchronized void add(String line) {
    try {
      writer.write(System.currentTimeMillis() + " " + line);
      writer.newLine();
      writer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    writer.close();
  }
}
