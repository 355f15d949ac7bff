package org.martlet.containerserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.martlet.common.disk.CrashDisk;
import org.martlet.common.disk.PowerSwitch;
import org.martlet.common.disk.SpaceGauge;
import org.martlet.common.disk.SpaceMarks;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.Refused;
import org.martlet.common.kv.InMemoryKeyValues;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ContainerStat;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.protocol.UpdateBatch.StatUpdate;
import org.martlet.common.runtime.DeviceLane;
import org.martlet.containerserver.listing.Containers;
import org.martlet.containerserver.listing.DigestKey;
import org.martlet.containerserver.listing.DueReport;
import org.martlet.containerserver.listing.ListingEnvironment;
import org.martlet.containerserver.listing.ListingId;
import org.martlet.containerserver.listing.ListingStore;
import org.martlet.containerserver.listing.ListingStoreConfig;
import org.martlet.containerserver.listing.MetadataLimits;
import org.martlet.containerserver.listing.MetadataUpdate;

/// Containers are reported to accounts until the account has exactly what they are.
class AccountReporterTest {
  private static final Path DEVICE = Path.of("/srv/d1");
  private static final PathHasher HASHER = new PathHasher("a", "b");
  private static final AccountTarget TARGET =
      new AccountTarget(new Endpoint("127.0.0.1", 6202), "d7");

  private final PowerSwitch power = new PowerSwitch();
  private final CrashDisk disk = new CrashDisk(power, DEVICE);
  private final InMemoryKeyValues databases = new InMemoryKeyValues(power);
  private final List<ContainerStat> sent = new ArrayList<>();
  private final List<Integer> batchSizes = new ArrayList<>();
  private Function<StatUpdate, CompletableFuture<Integer>> account =
      update -> CompletableFuture.completedFuture(201);
  private Instant now = Instant.ofEpochSecond(1_700_000_000);
  private ListingDevice device;
  private AccountReporter reporter;

  @BeforeEach
  void open() {
    DeviceLane lane =
        new DeviceLane(
            "listing-d1",
            new DeviceLane.Limits(1, 10, Duration.ofSeconds(2)),
            System::nanoTime,
            () -> new Refused(503, "busy"));
    SpaceGauge space = new SpaceGauge(disk, DEVICE, SpaceMarks.DEFAULT, System::nanoTime);
    device = new ListingDevice("d1", DEVICE, lane, lane, disk, space, 1);
    device.open(this::store);
    AccountReporterConfig config =
        new AccountReporterConfig(
            Duration.ofSeconds(5),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            2,
            Duration.ofDays(7));
    reporter =
        new AccountReporter(
            (name, container) -> Optional.of(TARGET),
            this::send,
            config,
            () -> now,
            ticker(),
            new SimpleMeterRegistry());
  }

  private Ticker ticker() {
    return new Ticker() {
      @Override
      public long read() {
        return Duration.between(Instant.EPOCH, now).toNanos();
      }
    };
  }

  private DeviceState.Online store(Path directory) throws IOException {
    ListingEnvironment environment =
        new ListingEnvironment(
            HASHER,
            new DigestKey("key".getBytes(StandardCharsets.US_ASCII)),
            () -> now,
            Ticker.systemTicker(),
            new SimpleMeterRegistry());
    ListingStore store =
        ListingStore.open(directory, disk, databases, ListingStoreConfig.DEFAULT, environment);
    return DeviceState.Online.of(store, MetadataLimits.DEFAULT);
  }

  private CompletableFuture<List<Integer>> send(AccountTarget target, List<StatUpdate> updates) {
    assertThat(target).isEqualTo(TARGET);
    batchSizes.add(updates.stream().mapToInt(update -> update.stats().size()).sum());
    updates.forEach(update -> sent.addAll(update.stats()));
    return account
        .apply(updates.getFirst())
        .thenApply(status -> updates.stream().map(u -> status).toList());
  }

  @AfterEach
  void close() {
    device.close(Duration.ofSeconds(5));
  }

  private ListingId create(String name) throws Exception {
    ListingId id = ListingId.of(ObjectPath.container("AUTH_test", name), HASHER);
    device
        .online()
        .containers()
        .put(id, OptionalInt.empty(), 0, MetadataUpdate.none(Timestamp.of(now)))
        .get(20, TimeUnit.SECONDS);
    return id;
  }

  private void putRow(ListingId id, String name) throws Exception {
    Timestamp at = Timestamp.of(now);
    ListingRow row = new ListingRow(name, at, at, at, false, 7, "e", "t", 0);
    device
        .online()
        .containers()
        .merge(List.of(new Containers.Rows(id, List.of(row), OptionalInt.empty())))
        .get(20, TimeUnit.SECONDS);
  }

  /// Marks are cleared behind a pass; a change after them waits for that.
  private void pass() throws Exception {
    sent.clear();
    batchSizes.clear();
    reporter.pass(device);
    device
        .online()
        .store()
        .clearDue(new ObjectHash(0, 0), Timestamp.ZERO)
        .get(20, TimeUnit.SECONDS);
  }

  private Optional<DueReport> due(String name) throws Exception {
    return device.online().store().due(null, 100).stream()
        .filter(mark -> name.equals(mark.container().container()))
        .findFirst();
  }

  @Test
  void aPassReportsTheStateOfEverythingDueInBatchesAndThenNothing() throws Exception {
    for (int i = 0; i < 5; i++) {
      putRow(create("c" + i), "o");
    }
    pass();
    assertThat(sent)
        .extracting(ContainerStat::name)
        .containsExactlyInAnyOrder("c0", "c1", "c2", "c3", "c4");
    assertThat(sent)
        .allSatisfy(
            stat -> assertThat(stat.usage()).containsEntry(0, new ContainerStat.Usage(1, 7)));
    assertThat(batchSizes).containsExactly(2, 2, 1);
    pass();
    assertThat(sent).isEmpty();
  }

  @Test
  void aContainerThatChangesWhileItIsReportedStaysDue() throws Exception {
    ListingId id = create("c");
    account =
        update -> {
          try {
            putRow(id, "meanwhile");
          } catch (Exception e) {
            throw new AssertionError(e);
          }
          return CompletableFuture.completedFuture(201);
        };
    pass();
    assertThat(due("c")).isPresent();
    account = update -> CompletableFuture.completedFuture(201);
    pass();
    assertThat(sent.getFirst().usage()).containsEntry(0, new ContainerStat.Usage(1, 7));
    assertThat(due("c")).isEmpty();
  }

  @Test
  void aTargetThatFailsIsLeftAloneForAWhileAndNothingIsLost() throws Exception {
    create("c");
    account = update -> CompletableFuture.failedFuture(new IOException("down"));
    pass();
    assertThat(sent).hasSize(1);
    pass();
    assertThat(sent).as("left alone").isEmpty();
    now = now.plusSeconds(6);
    account = update -> CompletableFuture.completedFuture(201);
    pass();
    assertThat(sent).extracting(ContainerStat::name).contains("c");
    assertThat(due("c")).isEmpty();
  }

  @Test
  void aMissingAccountIsAskedLessAndLessOftenUntilTheReclaimAge() throws Exception {
    create("c");
    account = update -> CompletableFuture.completedFuture(404);
    pass();
    pass();
    assertThat(sent).as("postponed").isEmpty();
    assertThat(due("c").get().attempts()).isEqualTo(1);
    now = now.plus(Duration.ofDays(8));
    pass();
    assertThat(sent).hasSize(1);
    assertThat(due("c")).as("given up").isEmpty();
  }

  @Test
  void aPostponementByAClockThatWasAheadDoesNotLastLongerThanItShould() throws Exception {
    create("c");
    account = update -> CompletableFuture.completedFuture(404);
    now = now.plus(Duration.ofMinutes(10));
    pass();
    assertThat(due("c").get().attempts()).isEqualTo(1);
    now = now.minus(Duration.ofMinutes(10));
    account = update -> CompletableFuture.completedFuture(201);
    pass();
    assertThat(sent).extracting(ContainerStat::name).containsExactly("c");
    assertThat(due("c")).isEmpty();
  }

  @Test
  void whatIsDueSurvivesARestart() throws Exception {
    create("c");
    device.close(Duration.ofSeconds(5));
    open();
    pass();
    assertThat(sent).extracting(ContainerStat::name).containsExactly("c");
  }

  @Test
  void aCreationIsReportedAtOnceAndDoesNotWaitForASilentAccount() throws Exception {
    ListingId id = create("c");
    assertThat(reporter.reportNow(device, id).get(20, TimeUnit.SECONDS))
        .isEqualTo(AccountReporter.Result.TOLD);
    account = update -> CompletableFuture.completedFuture(404);
    assertThat(reporter.reportNow(device, id).get(20, TimeUnit.SECONDS))
        .isEqualTo(AccountReporter.Result.NO_ACCOUNT);
    account = update -> new CompletableFuture<>();
    assertThat(reporter.reportNow(device, id).get(20, TimeUnit.SECONDS))
        .isEqualTo(AccountReporter.Result.NOT_TOLD);
  }
}
