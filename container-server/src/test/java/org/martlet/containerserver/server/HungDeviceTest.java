package org.martlet.containerserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.disk.CrashDisk;
import org.martlet.common.disk.PowerSwitch;
import org.martlet.common.http.Body;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Request;
import org.martlet.common.http.Timeouts;
import org.martlet.common.kv.InMemoryKeyValues;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.common.runtime.ManualClock;
import org.martlet.containerserver.listing.DigestKey;
import org.martlet.containerserver.listing.FaultyKeyValues;
import org.martlet.containerserver.listing.ListingId;
import org.martlet.containerserver.listing.ListingStoreConfig;
import org.martlet.containerserver.listing.MetadataLimits;
import org.martlet.containerserver.listing.MetadataUpdate;

/// A device that hangs concerns nobody else: not other devices, not memory, not the stop.
class HungDeviceTest {
  private static final Path ROOT = Path.of("/srv");
  private static final PathHasher HASHER = new PathHasher("a", "b");
  private static final byte[] SECRET = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final PowerSwitch power = new PowerSwitch();
  private final CrashDisk disk = new CrashDisk(power, ROOT.resolve("d1"), ROOT.resolve("d2"));
  private final FaultyKeyValues databases = new FaultyKeyValues(new InMemoryKeyValues(power));
  private final ManualClock clock = new ManualClock();
  private final Set<String> reporting = ConcurrentHashMap.newKeySet();
  private final CountDownLatch secondReports = new CountDownLatch(1);
  private final ContainerServer server = start();

  private ContainerServer start() {
    ContainerServerConfig usual = ContainerServerConfig.on("127.0.0.1", 0, 0, ROOT);
    AccountReporterConfig reports =
        new AccountReporterConfig(
            Duration.ofMillis(5),
            Duration.ofMillis(50),
            Duration.ofMillis(50),
            10,
            Duration.ofDays(7));
    ContainerServerConfig config =
        new ContainerServerConfig(
            usual.containers(),
            usual.accounts(),
            usual.devices(),
            RequestLimits.DEFAULT,
            ListingStoreConfig.DEFAULT,
            MetadataLimits.DEFAULT,
            reports);
    initialise("d1");
    initialise("d2");
    return new ContainerServer(
        config,
        Map.of("d1", ROOT.resolve("d1"), "d2", ROOT.resolve("d2")),
        new Cluster(
            "c1",
            HASHER,
            new StoragePolicies(List.of(new StoragePolicy(0, "gold", true, false))),
            BackendSignature.with(SECRET, clock),
            new DigestKey(SECRET)),
        new Machine(disk, databases, clock, ticker(), new SimpleMeterRegistry()),
        this::target,
        ListingRings.EVERYWHERE,
        new Nobody());
  }

  private void initialise(String device) {
    try {
      DeviceIdentity.create(disk, ROOT.resolve(device), "c1", UUID.randomUUID());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// There is no account server.
  private static final class Nobody implements HttpClient {
    @Override
    public Call send(Endpoint to, Request request, Timeouts timeouts) {
      throw new IllegalStateException("nobody is at " + to);
    }

    @Override
    public Upload open(Endpoint to, Request request, Timeouts timeouts) {
      throw new IllegalStateException("nobody is at " + to);
    }

    @Override
    public void close() {}
  }

  private Ticker ticker() {
    return new Ticker() {
      @Override
      public long read() {
        return clock.getAsLong();
      }
    };
  }

  private Optional<AccountTarget> target(String device, ObjectPath container) {
    reporting.add(device);
    if (device.equals("d2")) {
      secondReports.countDown();
    }
    return Optional.empty();
  }

  @AfterEach
  void close() {
    databases.release();
    server.close();
  }

  private ListingDevice device(String name) {
    return server.devices().stream().filter(d -> d.name().equals(name)).findFirst().orElseThrow();
  }

  private ListingDevice opened(String name) {
    ListingDevice device = device(name);
    while (device.state() instanceof DeviceState.Opening) {
      Thread.onSpinWait();
    }
    return device;
  }

  private CompletableFuture<?> put(ListingDevice device) {
    ListingId id = ListingId.of(ObjectPath.container("AUTH_test", "c"), HASHER);
    MetadataUpdate none = MetadataUpdate.none(Timestamp.of(clock.instant()));
    return device.online().containers().put(id, OptionalInt.empty(), 0, none);
  }

  @Test
  void theOthersAreReportedToTheirAccounts() throws Exception {
    server.start();
    opened("d1");
    ListingDevice second = opened("d2");
    databases.hang(ROOT.resolve("d1"));
    assertThat(databases.awaitHang()).as("a pass over d1 hangs").isTrue();
    put(second).get(20, TimeUnit.SECONDS);
    assertThat(secondReports.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(reporting).containsOnly("d2");
  }

  @Test
  void whatWaitsForItIsRefusedInTime() throws Exception {
    server.start();
    ListingDevice first = opened("d1");
    databases.hang(ROOT.resolve("d1"));
    put(first);
    assertThat(databases.awaitHang()).isTrue();
    CompletableFuture<?> waiting = put(first);
    clock.advance(Duration.ofSeconds(3));
    assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS))
        .hasMessageContaining("waited too long");
  }

  @Test
  void itHoldsItsOwnPartOfTheMemoryOnly() {
    BodyCollector bodies = new BodyCollector(100, 40);
    Semaphore hung = new Semaphore(40);
    Semaphore other = new Semaphore(40);
    CompletableFuture<String> never = new CompletableFuture<>();
    CompletableFuture<String> held = bodies.collect(Body.of(new byte[30]), hung, body -> never);
    assertThatThrownBy(() -> bodies.collect(Body.of(new byte[30]), hung, body -> never))
        .isInstanceOf(Refused.class);
    assertThat(
            bodies.collect(
                Body.of(new byte[30]), other, body -> CompletableFuture.completedFuture("done")))
        .isCompletedWithValue("done");
    never.complete("late");
    assertThat(held).isCompletedWithValue("late");
    assertThat(hung.availablePermits()).isEqualTo(40);
  }

  @Test
  void itIsNotWaitedForWhenTheServerStops() throws Exception {
    server.start();
    ListingDevice first = opened("d1");
    databases.hang(ROOT.resolve("d1"));
    put(first);
    assertThat(databases.awaitHang()).isTrue();
    CompletableFuture.runAsync(() -> first.close(Duration.ofMillis(50))).get(10, TimeUnit.SECONDS);
    assertThat(first.state()).isInstanceOf(DeviceState.Offline.class);
  }
}
