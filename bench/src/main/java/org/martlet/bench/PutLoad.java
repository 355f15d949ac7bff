package org.martlet.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.martlet.common.disk.RealDisk;

/// Durable puts of new 4 KiB objects by 32 writers, against an append and `fdatasync` of the very
/// groups that the engine made.
final class PutLoad {
  private static final int WRITERS = 32;

  private PutLoad() {}

  static void run(DeviceLoad.Extent extent) throws IOException {
    SyncRecorder disk = new SyncRecorder(new RealDisk());
    SmallObjects objects = new SmallObjects();
    AtomicLong next = new AtomicLong();
    DeviceLoad.print("4 KiB durable puts, %d writers", WRITERS);
    try (TemporaryDevice device = new TemporaryDevice(disk, UnaryOperator.identity())) {
      write(device, objects, next, extent.seconds());
      for (int round = 1; round <= extent.rounds(); round++) {
        disk.takeGroups();
        long before = next.get();
        Stopwatch watch = new Stopwatch();
        write(device, objects, next, extent.seconds());
        double rate = (next.get() - before) / watch.seconds();
        double cores = watch.cpuSeconds() / watch.seconds();
        List<Integer> groups = disk.takeGroups();
        long bytes = groups.stream().mapToLong(n -> n).sum();
        double perPut = (double) bytes / (next.get() - before);
        double disks = Baseline.append(device.root(), groups, extent.seconds()) / perPut;
        DeviceLoad.print(
            "  engine %,.0f/s with %.2f cores (%.0f us of CPU a put), %.1f puts a sync;"
                + " disk %,.0f/s; engine:disk %.2f",
            rate,
            cores,
            1e6 * cores / rate,
            (double) (next.get() - before) / groups.size(),
            disks,
            rate / disks);
      }
    }
  }

  private static void write(
      TemporaryDevice device, SmallObjects objects, AtomicLong next, int seconds) {
    Stopwatch watch = new Stopwatch();
    Workers.run(
        WRITERS,
        () -> {
          while (watch.seconds() < seconds) {
            Puts.await(device.store().submit(objects.put(next.getAndIncrement())));
          }
        });
  }
}
