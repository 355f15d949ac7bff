package org.martlet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills the whole cluster under 32 writers and compares what it serves afterwards with what it
/// acknowledged before. `-Dprobe.rounds=20` for the long run.
class AcknowledgedWritesProbeIT {
  private static final int WRITERS = 32;
  private static final int ROUNDS = Integer.getInteger("probe.rounds", 3);
  private static final long SEED = Long.getLong("probe.seed", 20261122L);

  @TempDir Path data;

  @Test
  void everyAcknowledgedWriteSurvivesSigkill() throws Exception {
    Map<String, Integer> acknowledged = new ConcurrentHashMap<>();
    Map<String, Integer> attempted = new ConcurrentHashMap<>();
    Random random = new Random(SEED);
    try (LocalCluster cluster = LocalCluster.up(data)) {
      cluster.client().createContainer("probe");
      for (int round = 0; round < ROUNDS; round++) {
        writeUntilKilled(cluster, round, 50 + random.nextInt(400), acknowledged, attempted);
        cluster.start();
        check(cluster.client(), acknowledged, attempted, round);
      }
    }
    assertThat(acknowledged).hasSizeGreaterThan(ROUNDS * 50);
  }

  private static void writeUntilKilled(
      LocalCluster cluster,
      int round,
      int killAfter,
      Map<String, Integer> acknowledged,
      Map<String, Integer> attempted)
      throws Exception {
    SwiftClient client = cluster.client();
    CountDownLatch enough = new CountDownLatch(killAfter);
    AtomicInteger counter = new AtomicInteger();
    try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      List<Future<?>> running =
          IntStream.range(0, WRITERS)
              .<Future<?>>mapToObj(
                  w ->
                      writers.submit(
                          () -> write(client, round, counter, enough, acknowledged, attempted)))
              .toList();
      enough.await();
      cluster.kill();
      for (Future<?> writer : running) {
        writer.get();
      }
    }
  }

  /// Writes objects of unique names until the cluster is gone.
  private static void write(
      SwiftClient client,
      int round,
      AtomicInteger counter,
      CountDownLatch enough,
      Map<String, Integer> acknowledged,
      Map<String, Integer> attempted) {
    while (true) {
      int n = counter.incrementAndGet();
      String name = "r" + round + "-" + n;
      int seed = round * 1_000_000 + n;
      attempted.put(name, seed);
      try {
        HttpResponse<byte[]> response = client.put("/probe/" + name, content(seed));
        if (response.statusCode() == 201) {
          acknowledged.put(name, seed);
          enough.countDown();
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  /// Sizes from nothing over inline to blob files, by the number alone.
  private static byte[] content(int seed) {
    Random random = new Random(seed);
    int[] sizes = {0, 1, 100, 4096, 4096, 65_536, 65_537, 300_000, 1_200_000};
    byte[] bytes = new byte[sizes[random.nextInt(sizes.length)]];
    random.nextBytes(bytes);
    return bytes;
  }

  private static void check(
      SwiftClient client,
      Map<String, Integer> acknowledged,
      Map<String, Integer> attempted,
      int round)
      throws IOException {
    for (Map.Entry<String, Integer> written : acknowledged.entrySet()) {
      HttpResponse<byte[]> response = client.get("/probe/" + written.getKey());
      assertThat(response.statusCode())
          .as("acknowledged %s, round %d, seed %d", written.getKey(), round, SEED)
          .isEqualTo(200);
      assertThat(Arrays.equals(response.body(), content(written.getValue())))
          .as("bytes of %s, round %d, seed %d", written.getKey(), round, SEED)
          .isTrue();
    }
    for (Map.Entry<String, Integer> tried : attempted.entrySet()) {
      if (!acknowledged.containsKey(tried.getKey())) {
        HttpResponse<byte[]> response = client.get("/probe/" + tried.getKey());
        assertThat(
                response.statusCode() == 404
                    || (response.statusCode() == 200
                        && Arrays.equals(response.body(), content(tried.getValue()))))
            .as("unacknowledged %s is whole or absent, round %d", tried.getKey(), round)
            .isTrue();
      }
    }
    assertThat(attempted.keySet())
        .as("nothing is listed that nobody wrote")
        .containsAll(Listings.awaitOnReplicas(client, "probe", acknowledged.keySet()));
  }
}
