package org.martlet.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.martlet.common.disk.RealDisk;
import org.martlet.objectserver.store.MutationOutcome;

/// Ten million small objects, million by million: whether the last are as fast as the first, what
/// the index takes on disk and on the heap, and how long opening takes.
final class FillLoad {
  private static final int IN_FLIGHT = 256;
  private static final int STEPS = 10;
  private static final int BODY_BYTES = 512;

  private final TemporaryDevice device;
  private final SmallObjects objects;

  FillLoad(TemporaryDevice device, SmallObjects objects) {
    this.device = device;
    this.objects = objects;
  }

  static void run(DeviceLoad.Extent extent) throws IOException {
    SyncRecorder disk = new SyncRecorder(new RealDisk());
    int step = extent.objects() / STEPS;
    DeviceLoad.print("%,d objects of %d bytes, %d in flight", step * STEPS, BODY_BYTES, IN_FLIGHT);
    try (TemporaryDevice device = new TemporaryDevice(disk, UnaryOperator.identity())) {
      FillLoad load = new FillLoad(device, new SmallObjects(BODY_BYTES));
      long heapBefore = heap();
      for (int n = 0; n < STEPS; n++) {
        Stopwatch watch = new Stopwatch();
        disk.takeGroups();
        load.put((long) n * step, step);
        DeviceLoad.print(
            "  from %,d: %,.0f/s, %.1f us of CPU a put",
            n * step, step / watch.seconds(), 1e6 * watch.cpuSeconds() / step);
      }
      DeviceLoad.print("  after closing it, opened in %.2f s", device.reopen());
      DeviceLoad.print(
          "  index: %.1f bytes on disk and %.1f on the heap an object; heap limit %d MiB",
          (double) bytes(device.root().resolve("index")) / extent.objects(),
          (double) (heap() - heapBefore) / extent.objects(),
          Runtime.getRuntime().maxMemory() >> 20);
    }
  }

  /// Puts objects with consecutive numbers.
  void put(long first, int count) {
    ArrayDeque<CompletableFuture<MutationOutcome>> waiting = new ArrayDeque<>();
    for (long n = first; n < first + count; n++) {
      waiting.add(device.store().submit(objects.put(n)));
      if (waiting.size() == IN_FLIGHT) {
        Puts.await(waiting.remove());
      }
    }
    waiting.forEach(Puts::await);
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long bytes(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.mapToLong(FillLoad::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
