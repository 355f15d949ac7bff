package org.martlet.containerserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.martlet.common.disk.CrashDisk;
import org.martlet.common.disk.DiskFile;
import org.martlet.common.disk.PowerSwitch;
import org.martlet.common.disk.SpaceGauge;
import org.martlet.common.disk.SpaceMarks;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.common.kv.InMemoryKeyValues;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ContainerStat;
import org.martlet.common.protocol.Incarnation;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.protocol.RowsClock;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.common.protocol.UpdateBatch.RowUpdate;
import org.martlet.common.protocol.UpdateBatch.StatUpdate;
import org.martlet.common.runtime.DeviceLane;
import org.martlet.common.runtime.ManualClock;
import org.martlet.containerserver.listing.Accounts;
import org.martlet.containerserver.listing.Containers;
import org.martlet.containerserver.listing.DigestKey;
import org.martlet.containerserver.listing.ListingEnvironment;
import org.martlet.containerserver.listing.ListingId;
import org.martlet.containerserver.listing.ListingStore;
import org.martlet.containerserver.listing.ListingStoreConfig;
import org.martlet.containerserver.listing.MetadataLimits;
import org.martlet.containerserver.listing.MetadataUpdate;

/// What becomes of each update of a batch, also on a device that is full.
class BatchesTest {
  private static final Path DEVICE = Path.of("/srv/d1");
  private static final PathHasher HASHER = new PathHasher("a", "b");
  private static final ObjectPath CONTAINER = ObjectPath.container("AUTH_test", "c");
  private static final ObjectPath ACCOUNT = ObjectPath.account("AUTH_test");
  private static final ListingId ID = ListingId.of(CONTAINER, HASHER);

  private final PowerSwitch power = new PowerSwitch();
  private final CrashDisk disk = new CrashDisk(power, DEVICE);
  private final ManualClock clock = new ManualClock();
  private final Batches<RowUpdate, Containers.Rows> rows = new Batches<>(new RowBatches(HASHER));
  private final Batches<StatUpdate, Accounts.Stats> stats = new Batches<>(new StatBatches(HASHER));
  private ListingDevice device;

  @BeforeEach
  void open() throws Exception {
    DiskFile file = disk.create(DEVICE.resolve("f"));
    file.write(ByteBuffer.allocate(1_000), 0);
    file.close();
    disk.capacity(10_000);
    DeviceLane lane =
        new DeviceLane(
            "listing-d1",
            new DeviceLane.Limits(1, 10, Duration.ofSeconds(2)),
            System::nanoTime,
            () -> new Refused(503, "busy"));
    SpaceGauge space = new SpaceGauge(disk, DEVICE, SpaceMarks.ofPercent(10, 1), clock);
    device = new ListingDevice("d1", DEVICE, lane, lane, disk, space, 1);
    device.open(this::store);
    MetadataUpdate none = MetadataUpdate.none(at(1));
    device.online().containers().put(ID, OptionalInt.empty(), 0, none).get(20, TimeUnit.SECONDS);
    device.online().accounts().put(ListingId.of(ACCOUNT, HASHER), none).get(20, TimeUnit.SECONDS);
  }

  private DeviceState.Online store(Path directory) throws IOException {
    ListingEnvironment environment =
        new ListingEnvironment(
            HASHER,
            new DigestKey("key".getBytes(StandardCharsets.US_ASCII)),
            clock,
            Ticker.systemTicker(),
            new SimpleMeterRegistry());
    ListingStore store =
        ListingStore.open(
            directory, disk, new InMemoryKeyValues(power), ListingStoreConfig.DEFAULT, environment);
    return DeviceState.Online.of(store, MetadataLimits.DEFAULT);
  }

  @AfterEach
  void close() {
    device.close(Duration.ofSeconds(5));
  }

  private static Timestamp at(long ticks) {
    return Timestamp.ofTicks(ticks);
  }

  private static ListingRow row(String name, long ticks) {
    return new ListingRow(name, at(ticks), at(ticks), at(ticks), false, 7, "e", "t", 0);
  }

  private static ListingRow deletion(String name, long ticks) {
    return new ListingRow(name, at(ticks), at(ticks), at(ticks), true, 0, "", "", 0);
  }

  private static ContainerStat stat(String name, long put, long deleted) {
    SortedMap<Integer, ContainerStat.Usage> usage = new TreeMap<>();
    return new ContainerStat(
        name,
        at(put),
        at(deleted),
        new Incarnation(Timestamp.ZERO, at(put), 0),
        new RowsClock(at(put), BigInteger.ZERO),
        usage);
  }

  private List<Integer> take(RowUpdate... updates) throws Exception {
    byte[] batch = UpdateBatch.encodeRows(List.of(updates));
    return results(rows.take(device, batch).get(20, TimeUnit.SECONDS), updates.length);
  }

  private static List<Integer> results(Response response, int count) throws Exception {
    assertThat(response.status()).isEqualTo(200);
    byte[] body = Bodies.readAll(response.body(), 1 << 20).get(20, TimeUnit.SECONDS);
    return UpdateBatch.decodeResults(body, count);
  }

  private long listed() throws Exception {
    return device.online().containers().state(ID).totals().all().rows();
  }

  private void leaveFree(int bytes) {
    disk.capacity(1_000 + bytes);
    clock.advance(Duration.ofSeconds(2));
  }

  @Test
  void eachUpdateHasItsOwnAnswer() throws Exception {
    RowUpdate good = new RowUpdate(CONTAINER, List.of(row("a", 2), row("b", 2)));
    RowUpdate bad = new RowUpdate(CONTAINER, List.of(row("x".repeat(5_000), 2)));
    RowUpdate unknown =
        new RowUpdate(ObjectPath.container("AUTH_test", "none"), List.of(row("a", 2)));
    assertThat(take(bad, good, unknown)).containsExactly(400, 201, 404);
    assertThat(listed()).isEqualTo(2);
  }

  @Test
  void belowTheReserveDeletionsAreStoredAndTheRestIsRefused() throws Exception {
    take(new RowUpdate(CONTAINER, List.of(row("a", 2), row("b", 2), row("c", 2))));
    leaveFree(50);
    RowUpdate deletes = new RowUpdate(CONTAINER, List.of(deletion("a", 3)));
    RowUpdate both = new RowUpdate(CONTAINER, List.of(row("d", 3), deletion("b", 3)));
    RowUpdate puts = new RowUpdate(CONTAINER, List.of(row("e", 3)));
    assertThat(take(deletes, both, puts)).containsExactly(201, 507, 507);
    assertThat(listed()).isEqualTo(1);
    leaveFree(5_000);
    assertThat(take(deletes, both, puts)).containsExactly(201, 201, 201);
    assertThat(listed()).isEqualTo(3);
  }

  @Test
  void belowTheHardReserveNothingIsStored() throws Exception {
    leaveFree(5);
    RowUpdate deletes = new RowUpdate(CONTAINER, List.of(deletion("a", 3)));
    assertThatThrownBy(() -> take(deletes))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.status()).isEqualTo(507));
  }

  @Test
  void belowTheReserveAnAccountIsToldOfDeletedContainersOnly() throws Exception {
    leaveFree(50);
    byte[] batch =
        UpdateBatch.encodeStats(
            List.of(
                new StatUpdate(ACCOUNT, List.of(stat("gone", 1, 2))),
                new StatUpdate(ACCOUNT, List.of(stat("new", 2, 0)))));
    assertThat(results(stats.take(device, batch).get(20, TimeUnit.SECONDS), 2))
        .containsExactly(201, 507);
  }
}
