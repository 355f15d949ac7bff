package org.martlet.role;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.containerserver.server.ListingRings;
import org.martlet.replicator.listing.ListingExchange;
import org.martlet.replicator.plan.Leaf;
import org.martlet.replicator.plan.PassStep;
import org.martlet.replicator.run.Pass;
import org.martlet.replicator.run.PeerHealth;
import org.martlet.replicator.run.Progress;
import org.martlet.replicator.run.Space;
import org.martlet.replicator.run.SpaceExchange.Comparison;
import org.martlet.replicator.run.SpaceExchange.Handover;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Exchanges of listings between two container servers, over HTTP and RocksDB. `-Dlistings.rows`
/// makes the large container larger: what that costs is in `docs/performance.md`.
class ListingReplicationIT {
  private static final Logger LOG = LoggerFactory.getLogger(ListingReplicationIT.class);
  private static final int ROWS = Integer.getInteger("listings.rows", 20_000);
  private static final ObjectPath CONTAINER = ObjectPath.container("AUTH_test", "c");
  private static final ObjectHash HASH = ListingNode.HASHER.hash(CONTAINER);
  private static final String PATH = "/d1/0/AUTH_test/c";

  @TempDir private Path directory;
  private boolean secondIsPrimary = true;
  private ListingNode first;
  private ListingNode second;

  @BeforeEach
  void start() throws Exception {
    first = new ListingNode(directory.resolve("a"), ListingRings.EVERYWHERE);
    second = new ListingNode(directory.resolve("b"), (kind, hash, device) -> secondIsPrimary);
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  private static void create(ListingNode node, String... metadata) {
    List<String> fields = new ArrayList<>(List.of("X-Timestamp", "1"));
    fields.addAll(Arrays.asList(metadata));
    assertThat(node.send("PUT", PATH, new byte[0], fields.toArray(String[]::new)).status())
        .isIn(201, 202);
  }

  private static ListingRow row(int i, long ticks, boolean deleted) {
    Timestamp at = Timestamp.ofTicks(ticks);
    return new ListingRow(
        "object-%08d".formatted(i),
        at,
        at,
        at,
        deleted,
        deleted ? 0 : i,
        deleted ? "" : "d41d8cd98f00b204e9800998ecf8427e",
        deleted ? "" : "text/plain",
        0);
  }

  private static void update(ListingNode node, List<ListingRow> rows) {
    for (int from = 0; from < rows.size(); from += 5_000) {
      List<ListingRow> some = rows.subList(from, Math.min(rows.size(), from + 5_000));
      byte[] batch = UpdateBatch.encodeRows(List.of(new UpdateBatch.RowUpdate(CONTAINER, some)));
      assertThat(node.send("UPDATE", "/d1", batch).body()).isEqualTo("{\"results\":[201]}");
    }
  }

  private static List<ListingRow> rows(int from, int to) {
    List<ListingRow> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      rows.add(row(i, 1_000, i % 10 == 0));
    }
    return rows;
  }

  private Ring ring() {
    List<RingDevice> devices =
        List.of(
            RingDevice.of(new DeviceId(0), 1, 0, "127.0.0.1", first.port(), "d1", 1),
            RingDevice.of(new DeviceId(1), 1, 1, "127.0.0.1", second.port(), "d1", 1));
    return Ring.of(0, devices, new int[][] {{0}, {1}}, 1);
  }

  private Pass pass(int self) {
    InstantSource clock = InstantSource.system();
    // Nothing is that old.
    Timestamp before = Timestamp.ofTicks(10);
    return new Pass(
        ring(),
        new DeviceId(self),
        new Pass.Ages(before, before),
        hash -> false,
        new PeerHealth(clock),
        new Progress(Space.CONTAINERS, "d1", clock),
        () -> true);
  }

  /// From the second to the first and back.
  private Comparison exchange() throws Exception {
    ListingExchange exchange = new ListingExchange(second.replica(), peer -> first.replica());
    return exchange.compare(pass(1), ring().devices().getFirst(), new Leaf(0, 0).range());
  }

  private void assertSame() throws Exception {
    assertThat(second.replica().summary(HASH)).isEqualTo(first.replica().summary(HASH));
    assertThat(second.replica().roots(10)).isEqualTo(first.replica().roots(10));
    for (String field : List.of("X-Container-Object-Count", "X-Container-Bytes-Used")) {
      assertThat(head(second, field)).isEqualTo(head(first, field));
    }
    assertThat(second.send("GET", PATH, new byte[0]).body())
        .isEqualTo(first.send("GET", PATH, new byte[0]).body());
  }

  private static String head(ListingNode node, String field) {
    return node.send("HEAD", PATH, new byte[0]).headers().getOr(field, "-");
  }

  @Test
  void aReplicaGetsTheRowsThatItMissedAndGivesThoseThatOnlyItHas() throws Exception {
    create(first, "X-Container-Meta-Color", "blue");
    create(second);
    update(first, rows(0, 3_000));
    update(second, rows(2_500, 6_000));
    update(second, List.of(row(1, 2_000, true), row(10, 2_000, false)));
    assertThat(exchange()).isEqualTo(Comparison.SAME);
    assertSame();
    assertThat(head(second, "X-Container-Meta-Color")).isEqualTo("blue");
    assertThat(head(second, "X-Container-Object-Count")).isEqualTo("5400");
  }

  @Test
  void aDatabaseThatWasMovedAsideIsFilledAgain() throws Exception {
    create(first, "X-Container-Meta-Color", "blue");
    update(first, rows(0, 2_000));
    exchange();
    assertSame();
    second.close();
    Path listings = directory.resolve("b/d1/listings");
    try (Stream<Path> files = Files.list(listings)) {
      for (Path file : files.filter(f -> f.toString().contains("MANIFEST-")).toList()) {
        damage(file);
      }
    }
    second = new ListingNode(directory.resolve("b"), ListingRings.EVERYWHERE);
    assertThat(second.replica().summary(HASH)).isEmpty();
    exchange();
    assertSame();
  }

  private static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 0, bytes.length / 2, (byte) 0x5a);
    Files.write(file, bytes);
  }

  @Test
  void aHandoffGoesToItsPrimariesAndIsDropped() throws Exception {
    secondIsPrimary = false;
    create(second);
    update(second, rows(0, 2_500));
    Ring ring = ring();
    PassStep.GiveAway step =
        new PassStep.GiveAway(ring.partition(HASH), List.of(ring.devices().getFirst()));
    ListingExchange exchange = new ListingExchange(second.replica(), peer -> first.replica());
    assertThat(exchange.giveAway(pass(1), step)).isEqualTo(new Handover(1, 0, 0));
    assertThat(second.replica().roots(10)).isEmpty();
    assertThat(second.send("HEAD", PATH, new byte[0]).status()).isEqualTo(404);
    assertThat(head(first, "X-Container-Object-Count")).isEqualTo("2250");
  }

  @Test
  void oneRowThatDiffersInALargeContainerIsFound() throws Exception {
    create(first);
    create(second);
    for (int from = 0; from < ROWS; from += 50_000) {
      List<ListingRow> rows = rows(from, Math.min(ROWS, from + 50_000));
      update(first, rows);
      update(second, rows);
    }
    update(first, List.of(row(ROWS / 2, 2_000, true)));
    long began = System.nanoTime();
    exchange();
    long millis = (System.nanoTime() - began) / 1_000_000;
    LOG.info("one changed row among {} was brought over in {} ms", ROWS, millis);
    assertSame();
  }
}
