package org.martlet.proxyserver.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Request;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingHolder;
import org.martlet.proxyserver.backend.FakeDevice.Trick;
import org.martlet.proxyserver.quorum.WriteRules;
import org.martlet.proxyserver.quorum.WriteRules.Conflicts;
import org.martlet.proxyserver.quorum.WriteRules.Missing;

@Timeout(20)
class ClusterTest {
  private static final ObjectPath CONTAINER = ObjectPath.container("a", "c");

  private final FakeCluster fake = new FakeCluster();

  @Test
  void aChangeGoesToAllPrimariesWithItsTransaction() throws Exception {
    all(201);
    BackendAnswer answer = fake.cluster.change(change("PUT"));
    assertThat(answer.status()).isEqualTo(201);
    for (FakeDevice device : primaries()) {
      Request request = device.requests().getFirst();
      assertThat(request.target()).matches("/d\\d/\\d/a/c");
      assertThat(request.headers().get("X-Trans-Id")).isEqualTo("tx7");
    }
  }

  @Test
  void theHeadersOfTheChosenAnswerAreGiven() throws Exception {
    fake.servers
        .all()
        .forEach(d -> d.always(new Trick.Answer(202, Headers.of("X-Backend-Which", d.name()))));
    assertThat(fake.cluster.change(change("PUT")).headers().get("X-Backend-Which")).startsWith("d");
  }

  @Test
  void aWrongSignatureIsAFailureOfTheServerNotOfTheClient() throws Exception {
    all(401);
    assertThat(fake.cluster.change(change("PUT")).status()).isEqualTo(503);
    assertThat(fake.cluster.read(change("HEAD"), false).status()).isEqualTo(503);
  }

  @Test
  void everybodyIsAskedWhereEachAnswerCounts() throws Exception {
    all(204);
    primaries().get(1).dead();
    assertThat(fake.cluster.readAll(change("HEAD"))).hasSize(2);
  }

  @Test
  void aDeviceThatFailedOftenIsAskedLast() throws Exception {
    all(201);
    FakeDevice bad = primaries().get(0);
    bad.always(new Trick.Fail(HttpFault.Kind.CONNECT));
    for (int i = 0; i < 11; i++) {
      fake.cluster.change(change("PUT"));
    }
    int before = bad.requests().size();
    fake.cluster.change(change("PUT"));
    assertThat(bad.requests()).hasSize(before);
  }

  @Test
  void aDeviceThatFailedOftenIsStillAskedWhenOtherwiseTooFewAreLeft() throws Exception {
    fake.servers.all().forEach(FakeDevice::full);
    fake.cluster.change(change("PUT"));
    all(201);
    assertThat(fake.cluster.change(change("PUT")).status()).isEqualTo(201);
  }

  @Test
  void aReadAsksPrimariesThatFailedLatelyBeforeItSaysThatThereIsNothing() throws Exception {
    all(404);
    for (FakeDevice primary : primaries()) {
      primary.always(new Trick.Answer(200, new Headers()));
    }
    fake.cluster.place(CONTAINER).primaries().forEach(fake.limiter::unusable);
    assertThat(fake.cluster.read(change("HEAD"), false).status()).isEqualTo(200);
  }

  @Test
  void anErrorWhileAnAnswerIsHandledEndsTheRequest() {
    Headers newer = Headers.of(BackendHeaders.STORED_TIMESTAMP, "0000000009.00000");
    fake.servers.all().forEach(d -> d.always(new Trick.Answer(409, newer)));
    ObjectPath object = ObjectPath.object("a", "c", "o");
    Placement placement = fake.cluster.place(object, 0);
    WriteRules rules =
        new WriteRules(
            fake.cluster.durability(placement), Conflicts.OUTBID, Missing.ANSWER, 201, 3);
    assertThatThrownBy(
            () ->
                fake.cluster.change(
                    placement,
                    BackendRequest.of("PUT", object, new Headers(), "tx"),
                    rules,
                    above -> {
                      throw new OutOfMemoryError("of a test");
                    }))
        .hasRootCauseInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void namesAreEncodedOnTheWire() throws Exception {
    all(201);
    fake.cluster.change(
        BackendRequest.of("PUT", ObjectPath.container("a", "ü ?%"), new Headers(), "tx"));
    assertThat(
            fake.servers.all().stream().flatMap(d -> d.requests().stream()).map(Request::rawPath))
        .allMatch(path -> path.endsWith("/a/%C3%BC%20%3F%25"));
  }

  @Test
  void readsAskOldPrimariesBeforeHandoffs() {
    Placement placement = fake.cluster.place(CONTAINER);
    RingHolder moving = new RingHolder(fake.cluster.place(CONTAINER).ring());
    moving.replace(movedRing());
    Placement moved = Placement.of(moving, placement.hash());

    NodeIterator nodes =
        NodeIterator.forRead(
            moved, fake.limiter, 2, new ReadOrder(Ticker.systemTicker(), () -> new Random(1)));

    List<String> first = moved.primaries().stream().map(RingDevice::device).toList();
    List<String> old = placement.primaries().stream().map(RingDevice::device).toList();
    Set<String> given = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      given.add(nodes.next().orElseThrow().device().device());
    }
    assertThat(given).containsExactlyInAnyOrderElementsOf(first);
    BackendNode fourth = nodes.next().orElseThrow();
    assertThat(old).contains(fourth.device().device());
    assertThat(first).doesNotContain(fourth.device().device());
    assertThat(fourth.handoff()).isTrue();
  }

  private static Ring movedRing() {
    Ring ring = FakeCluster.ring(3);
    int[][] rows = new int[3][ring.partitionCount()];
    for (int row = 0; row < 3; row++) {
      for (int part = 0; part < ring.partitionCount(); part++) {
        rows[row][part] = (part + row + 1) % FakeCluster.DEVICES;
      }
    }
    return Ring.of(ring.partPower(), ring.devices(), rows, 2);
  }

  private void all(int status) {
    fake.servers.all().forEach(d -> d.always(new Trick.Answer(status, new Headers())));
  }

  private List<FakeDevice> primaries() {
    return fake.cluster.place(CONTAINER).primaries().stream()
        .map(device -> fake.servers.device(device.device()))
        .toList();
  }

  private static BackendRequest change(String method) {
    return BackendRequest.of(
        method, CONTAINER, Headers.of("X-Timestamp", "0000000001.00000"), "tx7");
  }
}
