package org.martlet.proxyserver.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.martlet.common.http.Body;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingHolder;

class PreviousRingsTest {
  private final RingHolder moving = new RingHolder(ring(1, 0, 1));
  private final RingHolder still = new RingHolder(ring(1, 0, 1));
  private final Map<String, String> answers = new TreeMap<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final PreviousRings rings =
      new PreviousRings(
          new ProxyRings(still, still, Map.of(0, still, 1, moving)),
          new AnsweringClient(this::answer),
          BackendConfig.defaults(),
          now::get);

  private static Ring ring(long version, int... ids) {
    List<RingDevice> devices = new ArrayList<>();
    int[][] rows = new int[ids.length][1];
    for (int i = 0; i < ids.length; i++) {
      devices.add(RingDevice.of(new DeviceId(ids[i]), 1, ids[i], "10.0.0." + ids[i], 6200, "d", 1));
      rows[i][0] = ids[i];
    }
    return Ring.of(0, devices, rows, version);
  }

  private void answers(int device, boolean settled, long version) {
    answers.put(
        "10.0.0." + device + ":6200",
        "{\"rings\": {\"object-1\": {\"version\": "
            + version
            + ", \"settled\": "
            + settled
            + "}, \"object\": {\"version\": 1, \"settled\": true}}}");
  }

  @Test
  void asksNobodyWithoutAPreviousRing() {
    rings.check();
    assertThat(answers).isEmpty();
    assertThat(moving.previous()).isEmpty();
  }

  @Test
  void forgetsThePreviousRingWhenAllServersReportThatAllHasMoved() {
    moving.replace(ring(2, 1, 2));
    answers(0, true, 2);
    answers(1, true, 2);
    answers(2, false, 2);
    rings.check();
    assertThat(moving.previous()).isPresent();
    answers(2, true, 2);
    rings.check();
    assertThat(moving.previous()).isEmpty();
  }

  @Test
  void aServerThatHasNotSeenTheNewRingHasNotSettled() {
    moving.replace(ring(2, 1, 2));
    answers(0, true, 2);
    answers(1, true, 1);
    answers(2, true, 2);
    rings.check();
    assertThat(moving.previous()).isPresent();
  }

  @Test
  void aServerThatDoesNotAnswerHasNotSettled() {
    moving.replace(ring(2, 1, 2));
    answers(0, true, 2);
    answers(2, true, 2);
    for (int hour = 0; hour < 3; hour++) {
      rings.check();
      now.set(now.get().plus(Duration.ofHours(1)));
    }
    assertThat(moving.previous()).isPresent();
  }

  @Test
  void aServerThatLeftTheRingAndIsSilentForLongIsDoneWithout() {
    moving.replace(ring(2, 1, 2));
    answers(1, true, 2);
    answers(2, true, 2);
    rings.check();
    now.set(now.get().plus(PreviousRings.GIVEN_UP).minusSeconds(1));
    rings.check();
    assertThat(moving.previous()).isPresent();
    now.set(now.get().plusSeconds(1));
    rings.check();
    assertThat(moving.previous()).isEmpty();
  }

  @Test
  void whatIsNoReportSettlesNothing() {
    moving.replace(ring(2, 1, 2));
    for (int device = 0; device < 3; device++) {
      answers.put("10.0.0." + device + ":6200", "<html>");
    }
    rings.check();
    assertThat(moving.previous()).isPresent();
  }

  private CompletableFuture<Response> answer(Endpoint to, Request request) {
    String text = answers.get(to.toString());
    if (text == null || !request.target().equals("/recon/martlet/replication")) {
      return CompletableFuture.failedFuture(new HttpFault(HttpFault.Kind.CONNECT, "refused"));
    }
    return CompletableFuture.completedFuture(
        new Response(200, new Headers(), Body.of(text.getBytes(StandardCharsets.UTF_8))));
  }
}
