package org.martlet.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// From an object's name to its devices, as a proxy does for every request. The ring has 65,536
/// partitions with three replicas on 48 devices in three zones.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PathBenchmark {
  private static final int PART_POWER = 16;
  private static final int REPLICAS = 3;
  private static final int DEVICES = 48;
  private static final int PATHS = 4096; // a power of two

  private final PathHasher hasher = new PathHasher("", "a cluster's suffix");
  private final Ring ring = ring();
  private final List<ObjectPath> paths = paths();
  private final List<ObjectHash> hashes = paths.stream().map(hasher::hash).toList();
  private int next;

  private static Ring ring() {
    List<RingDevice> devices = new ArrayList<>();
    for (int id = 0; id < DEVICES; id++) {
      String ip = "10.0." + id % REPLICAS + "." + id / REPLICAS;
      devices.add(RingDevice.of(new DeviceId(id), 1, id % REPLICAS, ip, 6200, "d" + id, 100));
    }
    int[][] rows = new int[REPLICAS][1 << PART_POWER];
    for (int row = 0; row < REPLICAS; row++) {
      for (int part = 0; part < 1 << PART_POWER; part++) {
        int within = (part * 31 + row * 7) % (DEVICES / REPLICAS);
        rows[row][part] = REPLICAS * within + (part + row) % REPLICAS;
      }
    }
    return Ring.of(PART_POWER, devices, rows, 1);
  }

  private static List<ObjectPath> paths() {
    List<ObjectPath> paths = new ArrayList<>();
    for (int n = 0; n < PATHS; n++) {
      paths.add(ObjectPath.object("AUTH_account", "photos", "2026/07/IMG_" + n + ".jpg"));
    }
    return paths;
  }

  private int step() {
    next = (next + 1) & (PATHS - 1);
    return next;
  }

  /// One operation: the hash of one path of about 40 bytes.
  @Benchmark
  public ObjectHash hash() {
    return hasher.hash(paths.get(step()));
  }

  /// One operation: the primaries of one hash.
  @Benchmark
  public List<RingDevice> primaries() {
    return ring.primaries(ring.partition(hashes.get(step())));
  }

  /// One operation: the hash of one path and its primaries.
  @Benchmark
  public List<RingDevice> hashAndPrimaries() {
    return ring.primaries(ring.partition(hasher.hash(paths.get(step()))));
  }

  /// One operation: the first handoff of one hash, past its three primaries.
  @Benchmark
  public RingDevice firstHandoff() {
    return ring.handoffs(ring.partition(hashes.get(step()))).iterator().next();
  }
}
