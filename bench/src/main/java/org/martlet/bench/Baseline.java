package org.martlet.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// What the disk does by itself: plain writes and syncs, from buffers that are there already.
final class Baseline {
  private static final int CHUNK = 64 << 10;

  private Baseline() {}

  /// Appends groups of these sizes to a new file, each followed by one `fdatasync`.
  ///
  /// @param limit ends after so many seconds, if not all groups are done
  /// @return bytes a second
  static double append(Path directory, List<Integer> groups, double limit) throws IOException {
    Path path = directory.resolve("baseline");
    ByteBuffer buffer = noise(groups.stream().mapToInt(n -> n).max().orElse(1));
    try (FileChannel file = create(path)) {
      Stopwatch watch = new Stopwatch();
      long bytes = 0;
      for (int group : groups) {
        write(file, buffer.clear().limit(group));
        file.force(false);
        bytes += group;
        if (watch.seconds() > limit) {
          break;
        }
      }
      return bytes / watch.seconds();
    } finally {
      Files.delete(path);
    }
  }

  /// Writes whole files of this size, each synced, and its directory too, from so many threads.
  ///
  /// @return bytes a second
  static double files(Path directory, long size, int count, int threads) throws IOException {
    Path parent = Files.createDirectory(directory.resolve("baseline"));
    AtomicInteger next = new AtomicInteger();
    Stopwatch watch = new Stopwatch();
    Workers.run(
        threads,
        () -> {
          ByteBuffer buffer = noise(CHUNK);
          for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
            file(parent, n, size, buffer);
          }
        });
    double rate = size * count / watch.seconds();
    for (int n = 0; n < count; n++) {
      Files.delete(parent.resolve(Integer.toString(n)));
    }
    Files.delete(parent);
    return rate;
  }

  private static void file(Path parent, int n, long size, ByteBuffer buffer) throws IOException {
    try (FileChannel file = create(parent.resolve(Integer.toString(n)))) {
      for (long left = size; left > 0; left -= buffer.limit()) {
        write(file, buffer.clear().limit((int) Math.min(left, CHUNK)));
      }
      file.force(true);
    }
    try (FileChannel entry = FileChannel.open(parent)) {
      entry.force(true);
    }
  }

  private static FileChannel create(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static void write(FileChannel file, ByteBuffer from) throws IOException {
    int start = from.position();
    while (from.hasRemaining()) {
      file.write(from);
    }
    from.position(start);
  }

  static ByteBuffer noise(int bytes) {
    byte[] noise = new byte[bytes];
    new Random(7).nextBytes(noise);
    return ByteBuffer.allocateDirect(bytes).put(noise).clear();
  }
}
