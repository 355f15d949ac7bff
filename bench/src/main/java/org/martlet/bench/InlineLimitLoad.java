package org.martlet.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.martlet.common.disk.RealDisk;
import org.martlet.common.model.ByteSize;
import org.martlet.objectserver.store.BlobWriter;
import org.martlet.objectserver.store.DeviceStoreConfig;
import org.martlet.objectserver.store.NewBody;

/// The same bodies into the volume and into files of their own, size by size: where a file begins
/// to be the faster way is where the inline limit belongs.
final class InlineLimitLoad {
  private static final int[] SIZES_KIB = {16, 64, 128, 256, 512, 1024};
  private static final int[] WRITERS = {1, 8, 32};

  private final TemporaryDevice device;
  private final SmallObjects objects = new SmallObjects();
  private final AtomicLong next = new AtomicLong();

  private InlineLimitLoad(TemporaryDevice device) {
    this.device = device;
  }

  static void run(DeviceLoad.Extent extent) throws IOException {
    DeviceLoad.print("durable puts by size: into the volume, into a file of their own (MiB/s)");
    for (int writers : WRITERS) {
      for (int kib : SIZES_KIB) {
        try (TemporaryDevice device =
            new TemporaryDevice(new RealDisk(), InlineLimitLoad::everythingInline)) {
          InlineLimitLoad load = new InlineLimitLoad(device);
          load.rate(kib << 10, writers, true, 1);
          double inline = load.rate(kib << 10, writers, true, extent.seconds());
          double blob = load.rate(kib << 10, writers, false, extent.seconds());
          DeviceLoad.print(
              "  %2d writers, %4d KiB: %7.1f %7.1f; file:volume %.2f",
              writers, kib, inline, blob, blob / inline);
        }
      }
    }
  }

  private static DeviceStoreConfig everythingInline(DeviceStoreConfig defaults) {
    return new DeviceStoreConfig(
        defaults.root(),
        ByteSize.ofMiB(1),
        defaults.volumeLimit(),
        defaults.space(),
        defaults.queue(),
        defaults.background(),
        defaults.leafBits());
  }

  private double rate(int size, int writers, boolean inline, int seconds) {
    long before = next.get();
    Stopwatch watch = new Stopwatch();
    Workers.run(
        writers,
        () -> {
          ByteBuffer body = Baseline.noise(size);
          while (watch.seconds() < seconds) {
            put(body, inline);
          }
        });
    return (next.get() - before) * (double) size / (1 << 20) / watch.seconds();
  }

  private void put(ByteBuffer body, boolean inline) throws IOException {
    long n = next.getAndIncrement();
    if (inline) {
      NewBody inVolume = NewBody.inline(List.of(body));
      Puts.await(device.store().submit(objects.put(n, inVolume)));
      return;
    }
    try (BlobWriter writer = device.store().newBlob()) {
      writer.write(body.duplicate());
      Puts.await(device.store().submit(objects.put(n, writer.finish())));
    }
  }
}
