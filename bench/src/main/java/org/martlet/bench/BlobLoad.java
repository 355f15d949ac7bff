package org.martlet.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.martlet.objectserver.store.BlobWriter;
import org.martlet.objectserver.store.StoreFault;

/// Durable puts of 1 MiB and 64 MiB by four writers, against whole files of the same size written
/// and synced plainly by as many.
final class BlobLoad {
  private static final int WRITERS = 4;
  private static final long MIB = 1 << 20;
  private static final long ROUND = 512 * MIB;
  private static final int CHUNK = 64 << 10;

  private final TemporaryDevice device;
  private final SmallObjects objects = new SmallObjects();
  private final AtomicLong next = new AtomicLong();

  private BlobLoad(TemporaryDevice device) {
    this.device = device;
  }

  static void run(DeviceLoad.Extent extent) throws IOException {
    for (long size : new long[] {MIB, 64 * MIB}) {
      DeviceLoad.print("%d MiB durable puts, %d writers", size / MIB, WRITERS);
      int count = Math.toIntExact(ROUND / size);
      try (TemporaryDevice device = new TemporaryDevice()) {
        BlobLoad load = new BlobLoad(device);
        load.write(size, count);
        for (int round = 1; round <= extent.rounds(); round++) {
          Stopwatch watch = new Stopwatch();
          load.write(size, count);
          double rate = size * count / watch.seconds();
          double cores = watch.cpuSeconds() / watch.seconds();
          double disks = Baseline.files(device.root(), size, count, WRITERS);
          DeviceLoad.print(
              "  engine %,.0f MiB/s with %.2f cores; disk %,.0f MiB/s; engine:disk %.2f",
              rate / MIB, cores, disks / MIB, rate / disks);
        }
      }
    }
  }

  private void write(long size, int count) {
    AtomicInteger left = new AtomicInteger(count);
    Workers.run(
        WRITERS,
        () -> {
          ByteBuffer chunk = Baseline.noise(CHUNK);
          while (left.getAndDecrement() > 0) {
            put(size, chunk);
          }
        });
  }

  private void put(long size, ByteBuffer chunk) throws StoreFault {
    try (BlobWriter writer = device.store().newBlob()) {
      for (long rest = size; rest > 0; rest -= CHUNK) {
        writer.write(chunk.clear().limit((int) Math.min(rest, CHUNK)));
      }
      Puts.await(device.store().submit(objects.put(next.getAndIncrement(), writer.finish())));
    }
  }
}
