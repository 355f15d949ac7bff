package org.martlet.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.martlet.objectserver.store.MutationOutcome;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/// Durable puts of new 4 KiB objects, whose bodies go into the volume: per millisecond, and how
/// long one takes. One operation is one put, waited for until it is on stable storage.
@State(Scope.Benchmark)
@BenchmarkMode({Mode.Throughput, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
public class StorePutBenchmark {
  private final TemporaryDevice device = new TemporaryDevice();
  private final SmallObjects objects = new SmallObjects();
  private final AtomicLong next = new AtomicLong();

  /// One client: each put pays for its own sync.
  @Benchmark
  @Threads(1)
  public MutationOutcome putFromOneThread() {
    return put();
  }

  /// Many clients share syncs.
  @Benchmark
  @Threads(32)
  public MutationOutcome putFrom32Threads() {
    return put();
  }

  private MutationOutcome put() {
    MutationOutcome outcome = device.store().submit(objects.put(next.getAndIncrement())).join();
    if (outcome instanceof MutationOutcome.Stored) {
      return outcome;
    }
    throw new IllegalStateException("not stored: " + outcome);
  }

  @TearDown
  public void close() throws IOException {
    device.close();
  }
}
