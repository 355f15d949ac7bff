package org.martlet.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.store.MutationOutcome;
import org.martlet.objectserver.store.OpenObject;
import org.martlet.objectserver.store.StoreFault;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/// Gets of 20,000 objects of 4 KiB in random order, out of the operating system's cache: per
/// second, and how long one takes. One operation is lookup, read and verification of one body.
@State(Scope.Benchmark)
@BenchmarkMode({Mode.Throughput, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
public class StoreGetBenchmark {
  private static final int OBJECTS = 20_000;
  private static final int IN_FLIGHT = 512;

  private final TemporaryDevice device = new TemporaryDevice();
  private final SmallObjects objects = new SmallObjects();
  private final List<ObjectKey> keys = LongStream.range(0, OBJECTS).mapToObj(objects::key).toList();

  /// What a reading thread has of its own: as a server's, its buffers are direct.
  @State(Scope.Thread)
  public static class Reader {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
  }

  @Setup
  public void fill() {
    ArrayDeque<CompletableFuture<MutationOutcome>> waiting = new ArrayDeque<>();
    for (int n = 0; n < OBJECTS; n++) {
      waiting.add(device.store().submit(objects.put(n)));
      if (waiting.size() == IN_FLIGHT) {
        check(waiting.remove().join());
      }
    }
    waiting.forEach(put -> check(put.join()));
  }

  private static void check(MutationOutcome outcome) {
    if (!(outcome instanceof MutationOutcome.Stored)) {
      throw new IllegalStateException("not stored: " + outcome);
    }
  }

  @Benchmark
  @Threads(1)
  public int getFromOneThread(Reader reader) throws StoreFault {
    return get(reader);
  }

  @Benchmark
  @Threads(32)
  public int getFrom32Threads(Reader reader) throws StoreFault {
    return get(reader);
  }

  private int get(Reader reader) throws StoreFault {
    ObjectKey key = keys.get(ThreadLocalRandom.current().nextInt(OBJECTS));
    try (OpenObject object = device.store().open(key).orElseThrow()) {
      int read = object.read(0, reader.buffer.clear());
      if (read != SmallObjects.BODY_BYTES) {
        throw new IllegalStateException("read " + read + " bytes");
      }
      return read;
    }
  }

  @TearDown
  public void close() throws IOException {
    device.close();
  }
}
