package org.martlet.containerserver.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.martlet.containerserver.listing.Listings.DEVICE;
import static org.martlet.containerserver.listing.Listings.at;
import static org.martlet.containerserver.listing.Listings.await;
import static org.martlet.containerserver.listing.Listings.container;

import com.google.common.base.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.martlet.common.disk.CrashDisk;
import org.martlet.common.disk.PowerSwitch;
import org.martlet.common.kv.InMemoryKeyValues;
import org.martlet.common.kv.KeyValueFamily;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueOpener;
import org.martlet.common.kv.KeyValueStore;
import org.martlet.common.kv.LogUse;
import org.martlet.common.kv.WriteMode;

/// What happens when the database, its device or its queue cannot go on.
class ListingFaultsTest {
  private static final ListingId ID = container("c");
  private final PowerSwitch power = new PowerSwitch();
  private final CrashDisk disk = new CrashDisk(power, DEVICE);
  private final InMemoryKeyValues databases = new InMemoryKeyValues(power);

  private ListingStore open(ListingStoreConfig config, ListingEnvironment environment)
      throws Exception {
    return ListingStore.open(DEVICE, disk, databases, config, environment);
  }

  @Test
  void aCorruptDatabaseIsMovedAsideAndReplacedByAnEmptyOne() throws Exception {
    Path listings = DEVICE.resolve("listings");
    disk.createDirectory(listings);
    List<Path> opened = new ArrayList<>();
    KeyValueOpener corruptOnce =
        new KeyValueOpener() {
          @Override
          public KeyValueStore open(Path directory, List<KeyValueFamily> families, LogUse log)
              throws KeyValueFault {
            opened.add(directory);
            if (opened.size() == 1) {
              throw new KeyValueFault(KeyValueFault.Kind.CORRUPT, "bad magic number");
            }
            return databases.open(directory, families, log);
          }
        };
    try (ListingStore store =
        ListingStore.open(
            DEVICE, disk, corruptOnce, ListingStoreConfig.DEFAULT, Listings.environment())) {
      assertThat(store.state(ID).info()).isNull();
    }
    assertThat(opened).containsExactly(listings, listings);
    assertThat(disk.list(DEVICE)).containsExactly("listings.corrupt-1700000000000");
  }

  @Test
  void aDatabaseFoundCorruptWhileItIsUsedIsMovedAsideAtTheNextStart() throws Exception {
    FaultyKeyValues faulty = new FaultyKeyValues(databases);
    disk.createDirectory(DEVICE.resolve("listings"));
    ListingStore store =
        ListingStore.open(DEVICE, disk, faulty, ListingStoreConfig.DEFAULT, Listings.environment());
    faulty.corrupt(DEVICE);
    assertThatThrownBy(() -> store.state(ID)).isInstanceOf(ListingFault.class);
    assertKind(store.submit(transaction -> true), ListingFault.Kind.OFFLINE);
    store.close();
    assertThat(disk.list(DEVICE)).containsExactly("listings", "listings.corrupt");
    faulty.corrupt(null);
    try (ListingStore again = open(ListingStoreConfig.DEFAULT, Listings.environment())) {
      assertThat(again.unavailable()).isNull();
    }
    assertThat(disk.list(DEVICE)).containsExactly("listings.corrupt-1700000000000");
  }

  @Test
  void aCommitThatFindsTheDatabaseCorruptMarksItToo() throws Exception {
    FaultyKeyValues faulty = new FaultyKeyValues(databases);
    try (ListingStore store =
        ListingStore.open(
            DEVICE, disk, faulty, ListingStoreConfig.DEFAULT, Listings.environment())) {
      faulty.corrupt(DEVICE);
      Containers containers = new Containers(store, MetadataLimits.DEFAULT);
      assertKind(
          containers.put(ID, OptionalInt.empty(), 0, MetadataUpdate.none(at(1))),
          ListingFault.Kind.OFFLINE);
    }
    assertThat(disk.list(DEVICE)).containsExactly("listings.corrupt");
  }

  @Test
  void aStartThatWasCutShortBehindTheMoveGoesOn() throws Exception {
    disk.create(DEVICE.resolve("listings.corrupt")).close();
    try (ListingStore store = open(ListingStoreConfig.DEFAULT, Listings.environment())) {
      assertThat(store.unavailable()).isNull();
    }
    assertThat(disk.list(DEVICE)).isEmpty();
  }

  @Test
  void aDatabaseOfAnotherFormatIsNotTouched() throws Exception {
    KeyValueStore raw =
        databases.open(DEVICE.resolve("listings"), ListingKeys.FAMILIES, LogUse.ALWAYS);
    raw.write(
        raw.newBatch().put(ListingKeys.LISTINGS, ListingKeys.format(), new byte[] {99}),
        WriteMode.SYNCED);
    raw.close();
    assertThatThrownBy(() -> open(ListingStoreConfig.DEFAULT, Listings.environment()))
        .hasMessageContaining("format 63");
  }

  @Test
  void afterAFailedWriteTheStoreIsOfflineAndNothingIsAcknowledged() throws Exception {
    ListingStore store = open(ListingStoreConfig.DEFAULT, Listings.environment());
    Containers containers = new Containers(store, MetadataLimits.DEFAULT);
    power.cut();
    assertThatThrownBy(
            () -> containers.put(ID, OptionalInt.empty(), 0, MetadataUpdate.none(at(1))).get())
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            ListingFault.class,
            fault -> assertThat(fault.kind()).isEqualTo(ListingFault.Kind.OFFLINE));
    assertThat(store.unavailable()).isNotNull();
    assertThatThrownBy(() -> containers.state(ID)).isInstanceOf(ListingFault.class);
    store.close();
  }

  @Test
  void aChangeThatFailsFailsAlone() throws Exception {
    try (ListingStore store = open(ListingStoreConfig.DEFAULT, Listings.environment())) {
      Containers containers = new Containers(store, MetadataLimits.DEFAULT);
      CountDownLatch together = new CountDownLatch(1);
      CompletableFuture<Boolean> blocks = store.submit(transaction -> awaitLatch(together));
      CompletableFuture<?> good =
          containers.put(ID, OptionalInt.empty(), 0, MetadataUpdate.none(at(1)));
      CompletableFuture<Boolean> bad =
          store.submit(
              transaction -> {
                throw new IllegalStateException("a change that cannot be applied");
              });
      together.countDown();
      await(blocks);
      await(good);
      assertThatThrownBy(bad::get).cause().isInstanceOf(IllegalStateException.class);
      assertThat(containers.state(ID).exists()).isTrue();
      assertThat(store.unavailable()).isNull();
    }
  }

  @Test
  void aFullQueueRefusesAndAHungCommitIsReported() throws Exception {
    AtomicLong nanos = new AtomicLong();
    ListingStoreConfig config =
        new ListingStoreConfig(2, 1, Duration.ofSeconds(2), Duration.ofSeconds(10));
    ListingEnvironment environment =
        new ListingEnvironment(
            Listings.HASHER,
            Listings.KEY,
            Listings.environment().clock(),
            new Ticker() {
              @Override
              public long read() {
                return nanos.get();
              }
            },
            Listings.environment().meters());
    try (ListingStore store = open(config, environment)) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch hang = new CountDownLatch(1);
      CompletableFuture<Boolean> hanging =
          store.submit(
              transaction -> {
                begun.countDown();
                return awaitLatch(hang);
              });
      assertThat(awaitLatch(begun)).isTrue();
      CompletableFuture<Boolean> first = store.submit(transaction -> true);
      CompletableFuture<Boolean> second = store.submit(transaction -> true);
      assertKind(store.submit(transaction -> true), ListingFault.Kind.BUSY);
      nanos.set(Duration.ofSeconds(3).toNanos());
      store.refuseOverdue();
      assertKind(first, ListingFault.Kind.BUSY);
      assertKind(second, ListingFault.Kind.BUSY);
      CompletableFuture<Boolean> third = store.submit(transaction -> true);
      nanos.set(Duration.ofSeconds(11).toNanos());
      assertThat(store.unavailable().kind()).isEqualTo(ListingFault.Kind.HUNG);
      assertKind(store.submit(transaction -> true), ListingFault.Kind.HUNG);
      hang.countDown();
      assertThat(await(hanging)).isTrue();
      assertKind(third, ListingFault.Kind.BUSY);
      CompletableFuture<Boolean> last = store.submit(transaction -> true);
      assertThat(await(last)).isTrue();
    }
  }

  private static void assertKind(CompletableFuture<?> future, ListingFault.Kind kind) {
    assertThatThrownBy(() -> await(future))
        .cause()
        .cause()
        .isInstanceOfSatisfying(
            ListingFault.class, fault -> assertThat(fault.kind()).isEqualTo(kind));
  }

  private static boolean awaitLatch(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
