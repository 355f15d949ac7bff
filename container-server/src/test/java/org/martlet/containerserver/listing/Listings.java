package org.martlet.containerserver.listing;

import com.google.common.base.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.martlet.common.disk.CrashChoice;
import org.martlet.common.disk.CrashDisk;
import org.martlet.common.disk.PowerSwitch;
import org.martlet.common.kv.InMemoryKeyValues;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ListingRow;

/// A listing store in memory whose power can go, with the values that its tests need.
final class Listings implements AutoCloseable {
  static final PathHasher HASHER = new PathHasher("prefix", "suffix");
  static final DigestKey KEY =
      new DigestKey("0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
  static final Path DEVICE = Path.of("/srv/d1");
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  private final PowerSwitch power;
  private final CrashDisk disk;
  private final InMemoryKeyValues databases;
  private final Instant now;
  private ListingStore store;

  private Listings(PowerSwitch power, CrashDisk disk, InMemoryKeyValues databases, Instant now)
      throws IOException {
    this.power = power;
    this.disk = disk;
    this.databases = databases;
    this.now = now;
    this.store = open();
  }

  static Listings empty() throws IOException {
    return empty(new PowerSwitch());
  }

  static Listings empty(PowerSwitch power) throws IOException {
    return at(power, NOW);
  }

  /// On a server whose clock is ahead of the others.
  static Listings ahead(Duration by) throws IOException {
    return at(new PowerSwitch(), NOW.plus(by));
  }

  private static Listings at(PowerSwitch power, Instant now) throws IOException {
    return new Listings(power, new CrashDisk(power, DEVICE), new InMemoryKeyValues(power), now);
  }

  static ListingEnvironment environment() {
    return environment(NOW);
  }

  private static ListingEnvironment environment(Instant now) {
    return new ListingEnvironment(
        HASHER, KEY, InstantSource.fixed(now), Ticker.systemTicker(), new SimpleMeterRegistry());
  }

  private ListingStore open() throws IOException {
    return ListingStore.open(DEVICE, disk, databases, ListingStoreConfig.DEFAULT, environment(now));
  }

  ListingStore store() {
    return store;
  }

  PowerSwitch power() {
    return power;
  }

  Containers containers() {
    return new Containers(store, MetadataLimits.DEFAULT);
  }

  Accounts accounts() {
    return new Accounts(store, MetadataLimits.DEFAULT);
  }

  void reopen() throws IOException {
    store.close();
    store = open();
  }

  /// What a power loss leaves, with the power on again.
  Listings afterPowerLoss(CrashChoice choice) throws IOException {
    power.cut();
    store.close();
    PowerSwitch again = new PowerSwitch();
    return new Listings(again, disk.crash(choice, again), databases.crash(choice, again), now);
  }

  @Override
  public void close() {
    store.close();
  }

  static ListingId container(String name) {
    return ListingId.of(ObjectPath.container("AUTH_test", name), HASHER);
  }

  static ListingId account(String name) {
    return ListingId.of(ObjectPath.account(name), HASHER);
  }

  /// So many ticks after the store's clock.
  static Timestamp at(long ticks) {
    return Timestamp.ofTicks(Timestamp.of(NOW).ticks() + ticks);
  }

  static ListingRow row(String name, long ticks, long size) {
    Timestamp at = at(ticks);
    return new ListingRow(
        name, at, at, at, false, size, "d41d8cd98f00b204e9800998ecf8427e", "text/plain", 0);
  }

  static ListingRow deleted(String name, long ticks) {
    Timestamp at = at(ticks);
    return new ListingRow(name, at, at, at, true, 0, "", "", 0);
  }

  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("no result", e);
    }
  }
}
