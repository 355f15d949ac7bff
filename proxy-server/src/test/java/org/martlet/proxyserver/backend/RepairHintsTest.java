package org.martlet.proxyserver.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.replication.HashList;
import org.martlet.common.ring.RingDevice;

@Timeout(20)
class RepairHintsTest {
  private record Received(String target, List<ObjectHash> hashes) {}

  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private final CompletableFuture<Response> answer = new CompletableFuture<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RepairHints hints =
      RepairHints.start(
          new AnsweringClient(this::receive),
          BackendSignature.none(InstantSource.system()),
          BackendConfig.defaults(),
          meters);

  @AfterEach
  void close() {
    hints.close();
  }

  private static BackendNode node(int device) {
    RingDevice found = FakeCluster.ring(3).devices().get(device);
    return new BackendNode(found, new PartitionId(0), false);
  }

  private static ObjectHash hash(long n) {
    return new ObjectHash(n, n);
  }

  private double count(String result) {
    return meters.get("martlet.proxy.hints").tag("result", result).counter().count();
  }

  @Test
  void tellsADeviceWhatOthersMissedOnceEach() throws Exception {
    answer.complete(Response.empty(204));
    hints.missed(node(2), 1, hash(7));
    hints.missed(node(2), 1, hash(7));
    hints.missed(node(2), 1, hash(8));
    Received first = received.poll(10, TimeUnit.SECONDS);
    assertThat(first.target()).isEqualTo("POST 10.0.0.2:6200 /d2/replication/repairs?policy=1");
    assertThat(first.hashes()).contains(hash(7)).doesNotHaveDuplicates();
  }

  @Test
  void neverBlocksAndDropsWhatIsTooMuch() throws Exception {
    hints.missed(node(0), 0, hash(-1));
    assertThat(received.poll(10, TimeUnit.SECONDS)).isNotNull();
    for (int i = 0; i < RepairHints.MAX_QUEUED + 5; i++) {
      hints.missed(node(i % 3), 0, hash(i));
    }
    assertThat(count("dropped")).isEqualTo(5);
    answer.completeExceptionally(new HttpFault(HttpFault.Kind.TIMEOUT, "silent"));
    int told = 0;
    while (told < RepairHints.MAX_QUEUED) {
      Received next = received.poll(10, TimeUnit.SECONDS);
      assertThat(next.hashes().size()).isLessThanOrEqualTo(HashList.MAX_ENTRIES);
      told += next.hashes().size();
    }
    assertThat(count("sent")).isZero();
  }

  private CompletableFuture<Response> receive(Endpoint to, Request request) {
    List<ObjectHash> hashes = HashList.decode(Bodies.readAll(request.body(), 1 << 20).join());
    received.add(new Received(request.method() + " " + to + " " + request.target(), hashes));
    return answer;
  }
}
