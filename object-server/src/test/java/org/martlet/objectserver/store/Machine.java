package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.disk.CrashChoice;
import org.martlet.common.disk.CrashDisk;
import org.martlet.common.disk.DiskFile;
import org.martlet.common.disk.FaultyDisk;
import org.martlet.common.disk.PowerLoss;
import org.martlet.common.disk.PowerSwitch;
import org.martlet.common.disk.SpaceMarks;
import org.martlet.common.kv.InMemoryKeyValues;
import org.martlet.common.kv.KeyValueOpener;
import org.martlet.common.model.ByteSize;

/// A machine with one device, whose power can be cut: disk and index database in memory, and a
/// clock and a ticker that stand until they are moved.
final class Machine {
  static final Path ROOT = Path.of("/srv/d1");
  static final String CLUSTER = "c1";

  final PowerSwitch power;
  final CrashDisk disk;
  final FaultyDisk faults;
  final InMemoryKeyValues databases;
  final AtomicLong millis;
  private final AtomicLong wallAhead = new AtomicLong();
  private final Random random;

  private Machine(
      PowerSwitch power, CrashDisk disk, InMemoryKeyValues databases, long millis, long seed) {
    this.power = power;
    this.disk = disk;
    this.faults = new FaultyDisk(disk);
    this.databases = databases;
    this.millis = new AtomicLong(millis);
    this.random = new Random(seed);
  }

  static Machine fresh() {
    PowerSwitch power = new PowerSwitch();
    return new Machine(
        power, new CrashDisk(power, ROOT), new InMemoryKeyValues(power), 1_700_000_000_000L, 1);
  }

  /// A machine that is switched on with this disk and these databases.
  ///
  /// @param seed of what it draws at random
  static Machine of(PowerSwitch power, CrashDisk disk, InMemoryKeyValues databases, long seed) {
    return new Machine(power, disk, databases, 1_700_000_000_000L, seed);
  }

  /// What a power loss would leave at this moment; this machine runs on.
  Machine asAfter(CrashChoice choice) {
    PowerSwitch back = new PowerSwitch();
    return new Machine(
        back,
        disk.crash(choice, back),
        databases.crash(choice, back),
        millis.get(),
        random.nextLong());
  }

  /// The machine after a power loss.
  Machine crash(CrashChoice choice) {
    power.cut();
    return asAfter(choice);
  }

  /// Lets go of a store whose machine has lost its power: ends its threads.
  static void abandon(DeviceStore store) {
    try {
      store.close();
    } catch (PowerLoss e) {
      assertThat(e).as("the index could not be flushed any more").isNotNull();
    }
  }

  /// The same machine without an index: every restart has to rebuild it.
  Machine withoutIndex() {
    return new Machine(power, disk, new InMemoryKeyValues(power), millis.get(), random.nextLong());
  }

  static DeviceStoreConfig config() {
    return new DeviceStoreConfig(
        ROOT,
        ByteSize.ofKiB(256),
        ByteSize.ofGiB(1),
        new SpaceMarks(0, 0),
        DeviceStoreConfig.QueueLimits.DEFAULT,
        new DeviceStoreConfig.Background(
            new DeviceStoreConfig.FlushLimits(ByteSize.ofGiB(1), Duration.ofDays(1)),
            new DeviceStoreConfig.Compaction(0.5, ByteSize.ofGiB(64), Duration.ofDays(1)),
            new DeviceStoreConfig.Audit(ByteSize.ofGiB(64), Duration.ofDays(1))),
        4);
  }

  /// Volumes that are full after a few records, and little that fits inline.
  static DeviceStoreConfig smallConfig() {
    DeviceStoreConfig usual = config();
    return new DeviceStoreConfig(
        ROOT,
        new ByteSize(3000),
        new ByteSize(8000),
        usual.space(),
        usual.queue(),
        usual.background(),
        usual.leafBits());
  }

  LogDeviceStore open() throws IOException {
    return open(config());
  }

  /// Opens the device, after having made one where there is none yet.
  LogDeviceStore open(DeviceStoreConfig config) throws IOException {
    initialise();
    return LogDeviceStore.open(config, environment(CLUSTER));
  }

  /// Makes the device, unless it is there.
  void initialise() throws IOException {
    if (!DeviceIdentity.isPresent(faults, ROOT)) {
      long high = (random.nextLong() & ~0xf000L) | 0x4000L;
      long low = (random.nextLong() & ~(3L << 62)) | (1L << 63);
      DeviceIdentity.create(faults, ROOT, CLUSTER, new UUID(high, low));
    }
  }

  StoreEnvironment environment(String cluster) {
    return environment(cluster, databases);
  }

  /// What a store needs, with its index in another database than this machine's.
  StoreEnvironment environment(String cluster, KeyValueOpener others) {
    InstantSource clock = () -> Instant.ofEpochMilli(millis.get());
    return new StoreEnvironment(faults, others, clock, ticker(), random, cluster, "cluster secret");
  }

  private Ticker ticker() {
    return new Ticker() {
      @Override
      public long read() {
        return TimeUnit.MILLISECONDS.toNanos(millis.get() - wallAhead.get());
      }
    };
  }

  /// The volumes there are on the disk, oldest first.
  List<Path> volumes() {
    return files(path -> path.toString().endsWith(".vol"));
  }

  /// The files there are on the disk, by name.
  List<Path> files(Predicate<Path> which) {
    return disk.contents().keySet().stream().filter(which).sorted().toList();
  }

  /// Turns one bit of a file over, durably.
  void flip(Path file, long offset) throws IOException {
    try (DiskFile open = disk.openForWrite(file)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      open.read(one, offset);
      one.put(0, (byte) (one.get(0) ^ 0x10)).flip();
      open.write(one, offset);
      open.force(true);
    }
  }

  /// Sets the wall clock, and nothing else, forward or back.
  void stepWallClock(Duration by) {
    millis.addAndGet(by.toMillis());
    wallAhead.addAndGet(by.toMillis());
  }
}
