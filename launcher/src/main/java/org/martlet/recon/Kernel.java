package org.martlet.recon;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the kernel says of the machine, from the files below `/proc`.
///
/// - Shape: the fields of Swift's recon middleware, with its names. A line that is not understood
///   is left out.
/// - Bound: of each file the first 256 KiB; of mounts at most 1,000.
/// - Threads: any; reads files.
final class Kernel {
  private static final int MAX_BYTES = 256 << 10;
  private static final int MAX_MOUNTS = 1_000;
  private static final long AUXV_PAGE_SIZE = 6;
  private static final long USUAL_PAGE = 4096;

  private final Path proc;

  /// @param proc where the files are: `/proc`
  Kernel(Path proc) {
    this.proc = proc;
  }

  /// Load averages, with the numbers of tasks and the last process.
  Map<String, Object> load() throws IOException {
    String[] fields = text("loadavg").strip().split("\\s+");
    if (fields.length < 5) {
      throw new IOException("loadavg is not understood");
    }
    try {
      Map<String, Object> load = new LinkedHashMap<>();
      load.put("1m", Double.parseDouble(fields[0]));
      load.put("5m", Double.parseDouble(fields[1]));
      load.put("15m", Double.parseDouble(fields[2]));
      load.put("tasks", fields[3]);
      load.put("processes", Long.parseLong(fields[4]));
      return load;
    } catch (NumberFormatException e) {
      throw new IOException("loadavg is not understood", e);
    }
  }

  /// Each line of `meminfo`: `MemTotal` to `16318280 kB`.
  Map<String, Object> memory() throws IOException {
    Map<String, Object> memory = new LinkedHashMap<>();
    for (String line : lines("meminfo")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        memory.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return memory;
  }

  /// Every mounted file system, escapes (`\040`) as the kernel writes them.
  List<Map<String, String>> mounts() throws IOException {
    List<Map<String, String>> mounts = new ArrayList<>();
    for (String line : lines("mounts")) {
      String[] fields = line.strip().split(" ");
      if (fields.length >= 2 && mounts.size() < MAX_MOUNTS) {
        mounts.add(Map.of("device", fields[0], "path", fields[1]));
      }
    }
    return mounts;
  }

  /// Counts of TCP sockets; without IPv6 there are no fields of it.
  Map<String, Object> sockets() throws IOException {
    Map<String, Object> sockets = new LinkedHashMap<>();
    for (String line : linesIfThere("net/sockstat")) {
      if (line.startsWith("TCP: ")) {
        Map<String, Long> counts = counts(line);
        put(sockets, "tcp_in_use", counts.get("inuse"));
        put(sockets, "orphan", counts.get("orphan"));
        put(sockets, "time_wait", counts.get("tw"));
        Long pages = counts.get("mem");
        put(sockets, "tcp_mem_allocated_bytes", pages == null ? null : pages * pageSize());
      }
    }
    for (String line : linesIfThere("net/sockstat6")) {
      if (line.startsWith("TCP6: ")) {
        put(sockets, "tcp6_in_use", counts(line).get("inuse"));
      }
    }
    return sockets;
  }

  private static void put(Map<String, Object> sockets, String name, @Nullable Long count) {
    if (count != null) {
      sockets.put(name, count);
    }
  }

  /// `TCP: inuse 5 orphan 0` as its pairs.
  private static Map<String, Long> counts(String line) {
    String[] fields = line.strip().split("\\s+");
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int i = 1; i + 1 < fields.length; i += 2) {
      if (fields[i + 1].matches("[0-9]{1,15}")) {
        counts.put(fields[i], Long.parseLong(fields[i + 1]));
      }
    }
    return counts;
  }

  /// Bytes of a page: what the kernel told this process when it started.
  private long pageSize() {
    try {
      ByteBuffer vector =
          ByteBuffer.wrap(bytes(proc.resolve("self/auxv"))).order(ByteOrder.nativeOrder());
      while (vector.remaining() >= 2 * Long.BYTES) {
        long kind = vector.getLong();
        long value = vector.getLong();
        if (kind == AUXV_PAGE_SIZE && value > 0) {
          return value;
        }
      }
      return USUAL_PAGE;
    } catch (IOException e) {
      return USUAL_PAGE;
    }
  }

  private List<String> lines(String name) throws IOException {
    return text(name).lines().toList();
  }

  private List<String> linesIfThere(String name) throws IOException {
    try {
      return lines(name);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private String text(String name) throws IOException {
    return new String(bytes(proc.resolve(name)), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_BYTES);
    }
  }
}
