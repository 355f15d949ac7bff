package org.martlet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A real file system that is nearly full of objects gets the space of deleted and of overwritten
/// ones back while it serves, with the defaults for compaction.
class SpaceReturnsProbeIT {
  private static final int IMAGE_MIB = 192;
  private static final int WRITERS = 8;
  private static final double FULL = 0.9;
  private static final int SMALL = 32_000;
  private static final int LARGE = 200_000;
  private static final String STORE =
      """
      inline_limit = "64 KiB"
      volume_limit = "2 MiB"
      compaction_interval = "100 ms"
      """;

  @TempDir Path work;
  private final Set<String> stored = ConcurrentHashMap.newKeySet();
  private final AtomicInteger clock = new AtomicInteger();
  private final Random random = new Random(7);

  @BeforeEach
  void needsLoopDevices() {
    Ext4Image.missing().ifPresent(why -> Assumptions.abort("not run: " + why));
  }

  @Test
  void halfOfANearlyFullDeviceIsDeletedAndWrittenAgainWhileItServes() throws Exception {
    serve(
        (server, image) -> {
          List<String> all = fill(server, image);
          Collections.shuffle(all, random);
          List<String> gone = all.subList(0, all.size() / 2);
          whileReading(
              server,
              new HashSet<>(gone),
              () -> {
                for (String name : gone) {
                  stored.remove(name);
                  assertThat(send(server, "DELETE", name, new byte[0])).isEqualTo(204);
                }
                // Four fifths of what was deleted, by one writer.
                for (String name : gone.subList(0, gone.size() * 4 / 5)) {
                  put(server, "again-" + name);
                }
              });
        });
  }

  @Test
  void aNearlyFullDeviceIsOverwrittenTwiceWhileItServes() throws Exception {
    serve(
        (server, image) -> {
          List<String> all = fill(server, image);
          // What is overwritten needs room beside what it replaces.
          for (String name : all.subList(0, all.size() / 5)) {
            stored.remove(name);
            assertThat(send(server, "DELETE", name, new byte[0])).isEqualTo(204);
          }
          List<String> rest = new ArrayList<>(all.subList(all.size() / 5, all.size()));
          whileReading(
              server,
              Set.of(),
              () -> {
                for (int round = 0; round < 2; round++) {
                  Collections.shuffle(rest, random);
                  for (String name : rest) {
                    put(server, name);
                  }
                }
              });
        });
  }

  private interface Scenario {
    void run(ObjectServerProcess server, Ext4Image image) throws Exception;
  }

  private void serve(Scenario scenario) throws Exception {
    Path devices = work.resolve("devices");
    try (Ext4Image image =
            Ext4Image.create(
                work.resolve("d1.img"), devices.resolve("d1"), (long) IMAGE_MIB << 20, "defaults");
        ObjectServerProcess server =
            ObjectServerProcess.configure(work, devices, List.of("d1"), true, STORE)) {
      server.initDevice(devices.resolve("d1"));
      server.start();
      scenario.run(server, image);
      for (String name : stored) {
        isRight(server, name);
      }
      JsonNode device = server.device("d1");
      assertThat(device.path("state").asString("")).isEqualTo("online");
      assertThat(device.path("compaction").path("removedVolumes").asInt(0)).isPositive();
      assertThat(device.path("written").path("compactionBytes").asLong(0)).isPositive();
    }
  }

  private static double used(Ext4Image image) throws IOException {
    var store = Files.getFileStore(image.mountPoint());
    return 1 - (double) store.getUsableSpace() / store.getTotalSpace();
  }

  /// Bodies of both kinds, until nine tenths of the file system are used.
  private List<String> fill(ObjectServerProcess server, Ext4Image image) throws Exception {
    AtomicInteger next = new AtomicInteger();
    together(
        WRITERS,
        () -> {
          while (used(image) < FULL) {
            int n = next.getAndIncrement();
            put(server, (n % 6 == 0 ? "large-" : "small-") + n);
          }
        });
    assertThat(used(image)).isBetween(FULL, FULL + 0.05);
    List<String> names = new ArrayList<>(stored);
    Collections.sort(names);
    return names;
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void together(int threads, Work work) throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      ArrayDeque<Future<?>> running = new ArrayDeque<>();
      for (int n = 0; n < threads; n++) {
        running.add(
            executor.submit(
                () -> {
                  work.run();
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
  }

  /// Reads what stays, again and again, until the work is done.
  ///
  /// @param changing names that are not read
  private void whileReading(ObjectServerProcess server, Set<String> changing, Work work)
      throws Exception {
    List<String> staying = stored.stream().filter(name -> !changing.contains(name)).toList();
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Future<?> reader =
          executor.submit(
              () -> {
                for (int n = 0; !done.get(); n++) {
                  isRight(server, staying.get(n * 7919 % staying.size()));
                }
                return null;
              });
      try {
        work.run();
      } finally {
        done.set(true);
      }
      reader.get();
    }
  }

  private void put(ObjectServerProcess server, String name) throws IOException {
    assertThat(send(server, "PUT", name, bodyOf(name))).as("put %s", name).isEqualTo(201);
    stored.add(name);
  }

  private int send(ObjectServerProcess server, String method, String name, byte[] body)
      throws IOException {
    String now = 1_700_000_000 + clock.incrementAndGet() + ".00000";
    String target = "/d1/0/a/c/" + name;
    return server
        .send(method, target, body, "X-Timestamp", now, "Content-Type", "text/plain")
        .status();
  }

  private static void isRight(ObjectServerProcess server, String name) throws IOException {
    ObjectServerProcess.Answer answer = server.get("/d1/0/a/c/" + name);
    assertThat(answer.status()).as("get %s", name).isEqualTo(200);
    assertThat(answer.body()).as("body of %s", name).isEqualTo(bodyOf(name));
  }

  private static byte[] bodyOf(String name) {
    byte[] body = new byte[name.contains("large") ? LARGE : SMALL];
    new Random(name.hashCode()).nextBytes(body);
    return body;
  }
}
