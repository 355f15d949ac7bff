package org.martlet.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// From a hash to the devices that hold it, for hashes that come in no order, so that nothing of a
/// large ring is in a cache by chance: what a proxy does for each request once the name is hashed.
/// Three replicas on 1,000 devices.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RingLookupBenchmark {
  private static final int REPLICAS = 3;
  private static final int DEVICES = 1000;

  /// The part power of the ring.
  @Param({"16", "20", "22"})
  public int partPower;

  private Ring ring = Ring.of(0, devices(), new int[][] {{0}}, 1);
  private long state;

  /// Every partition on three devices at random.
  @Setup
  public void makeRing() {
    SplittableRandom random = new SplittableRandom(1);
    int[][] rows = new int[REPLICAS][1 << partPower];
    for (int part = 0; part < 1 << partPower; part++) {
      int first = random.nextInt(DEVICES);
      int apart = 1 + random.nextInt(DEVICES / REPLICAS - 1);
      for (int row = 0; row < REPLICAS; row++) {
        rows[row][part] = (first + row * apart) % DEVICES;
      }
    }
    ring = Ring.of(partPower, devices(), rows, 1);
  }

  private static List<RingDevice> devices() {
    List<RingDevice> devices = new ArrayList<>();
    for (int id = 0; id < DEVICES; id++) {
      String ip = "10.0." + id % 5 + "." + id / 50;
      devices.add(RingDevice.of(new DeviceId(id), 1, id % 5, ip, 6200, "d" + id, 100));
    }
    return devices;
  }

  /// The next of a row of hashes that looks random.
  private ObjectHash hash() {
    state += 0x9e3779b97f4a7c15L;
    long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return new ObjectHash(mixed ^ (mixed >>> 31), state);
  }

  /// One operation: the partition of a hash and the devices that should hold it.
  @Benchmark
  public List<RingDevice> primaries() {
    return ring.primaries(ring.partition(hash()));
  }

  /// One operation: the partition of a hash.
  @Benchmark
  public PartitionId partition() {
    return ring.partition(hash());
  }
}
