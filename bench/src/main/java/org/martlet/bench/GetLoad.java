package org.martlet.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.store.OpenObject;

/// Gets of 4 KiB objects in random order out of the operating system's cache: lookup, read and
/// verification, for each core that they keep busy.
final class GetLoad {
  private static final int OBJECTS = 200_000;

  private GetLoad() {}

  static void run(DeviceLoad.Extent extent) throws IOException {
    SmallObjects objects = new SmallObjects();
    List<ObjectKey> keys = LongStream.range(0, OBJECTS).mapToObj(objects::key).toList();
    DeviceLoad.print("4 KiB gets of %,d objects", OBJECTS);
    try (TemporaryDevice device = new TemporaryDevice()) {
      new FillLoad(device, objects).put(0, OBJECTS);
      device.reopen();
      for (int threads : new int[] {1, 2, 32}) {
        read(device, keys, threads, extent.seconds());
        Stopwatch watch = new Stopwatch();
        long gets = read(device, keys, threads, extent.seconds());
        DeviceLoad.print(
            "  %d threads: %,.0f/s, %,.0f/s a core",
            threads, gets / watch.seconds(), gets / watch.cpuSeconds());
      }
    }
  }

  private static long read(TemporaryDevice device, List<ObjectKey> keys, int threads, int seconds) {
    Stopwatch watch = new Stopwatch();
    LongAdder gets = new LongAdder();
    Workers.run(
        threads,
        () -> {
          ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
          for (; watch.seconds() < seconds; gets.increment()) {
            ObjectKey key = keys.get(ThreadLocalRandom.current().nextInt(keys.size()));
            try (OpenObject object = device.store().open(key).orElseThrow()) {
              if (object.read(0, buffer.clear()) != SmallObjects.BODY_BYTES) {
                throw new IllegalStateException("a short body");
              }
            }
          }
        });
    return gets.sum();
  }
}
