package org.martlet.objectserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Refused;
import org.martlet.common.runtime.DeviceLane;
import org.martlet.objectserver.store.OpenObject;
import org.martlet.objectserver.store.StoreFault;
import org.martlet.objectserver.store.StoredObject;

class StoredBodyTest {
  private static final int SIZE = 1_000_000;
  private static final int CHUNK = 128 * 1024;

  private final DeviceLane lane =
      new DeviceLane(
          "sda",
          new DeviceLane.Limits(2, 10, Duration.ofSeconds(2)),
          System::nanoTime,
          () -> new Refused(503, "busy"));
  private final MemoryObject object = new MemoryObject(SIZE);
  private final CountedBuffers buffers = new CountedBuffers();

  @AfterEach
  void end() {
    assertThat(lane.close(Duration.ofSeconds(10))).isTrue();
    assertThat(object.closed.get()).as("the object was closed").isPositive();
    assertThat(buffers.outstanding.get()).as("buffers not given back").isZero();
  }

  /// An object in memory; checks that it is read by one at a time and not after its end.
  private static final class MemoryObject implements OpenObject {
    private final byte[] bytes;
    private final AtomicInteger readers = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private volatile CountDownLatch gate = new CountDownLatch(0);

    MemoryObject(int size) {
      bytes = new byte[size];
      new Random(size).nextBytes(bytes);
    }

    @Override
    public StoredObject object() {
      throw new AssertionError("a body is not asked for its record");
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public int crc32c() {
      return 0;
    }

    @Override
    public int read(long offset, ByteBuffer into) {
      assertThat(readers.incrementAndGet()).as("readers at once").isEqualTo(1);
      try {
        gate.await();
        assertThat(closed.get()).as("read after close").isZero();
        int count = (int) Math.min(into.remaining(), bytes.length - offset);
        into.put(bytes, (int) offset, count);
        return count;
      } catch (InterruptedException e) {
        throw new AssertionError("threads of a device are never interrupted", e);
      } finally {
        readers.decrementAndGet();
      }
    }

    @Override
    public void close() {
      assertThat(readers.get()).as("closed while it is read").isZero();
      closed.incrementAndGet();
    }
  }

  /// Heap buffers that are counted, and run out when told.
  private static final class CountedBuffers implements ReadBuffers {
    private final AtomicInteger outstanding = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();

    @Override
    public Buffer tryAllocate(int bytes) {
      if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        return null;
      }
      outstanding.incrementAndGet();
      return new Counted(new HeapBuffers().tryAllocate(bytes), outstanding);
    }
  }

  private record Counted(ReadBuffers.Buffer inner, AtomicInteger outstanding)
      implements ReadBuffers.Buffer {
    @Override
    public ByteBuffer bytes() {
      return inner.bytes();
    }

    @Override
    public Chunk toChunk() {
      return new CountedChunk(inner.toChunk(), outstanding);
    }

    @Override
    public void release() {
      outstanding.decrementAndGet();
    }
  }

  private record CountedChunk(Chunk inner, AtomicInteger outstanding) implements Chunk {
    @Override
    public int size() {
      return inner.size();
    }

    @Override
    public ByteBuffer bytes() {
      return inner.bytes();
    }

    @Override
    public Chunk retain() {
      throw new AssertionError("nobody keeps a chunk here");
    }

    @Override
    public void release() {
      outstanding.decrementAndGet();
    }
  }

  private StoredBody body(BodyLayout layout) throws StoreFault {
    return new StoredBody(object, layout, lane, buffers, CHUNK);
  }

  private static byte[] readAll(StoredBody body) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Chunk chunk = next(body); chunk.size() > 0; chunk = next(body)) {
      byte[] bytes = new byte[chunk.size()];
      chunk.bytes().get(bytes);
      chunk.release();
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }

  private static Chunk next(StoredBody body) throws Exception {
    return body.next().get(10, TimeUnit.SECONDS);
  }

  @Test
  void givesTheWholeBody() throws Exception {
    StoredBody body = body(BodyLayout.of(new ByteRange(0, SIZE)));

    assertThat(body.length()).isEqualTo(SIZE);
    assertThat(readAll(body)).isEqualTo(object.bytes);
    assertThat(next(body).size()).as("asked after the end").isZero();
    body.close();
    assertThat(object.closed.get()).as("closes at the end by itself, once").isEqualTo(1);
  }

  @Test
  void waitsWhileThereIsNoBuffer() throws Exception {
    StoredBody body = body(BodyLayout.of(new ByteRange(0, SIZE)));
    buffers.refusals.set(3);

    assertThat(readAll(body)).isEqualTo(object.bytes);
  }

  @Test
  void refusesToBeginWithoutABuffer() {
    buffers.refusals.set(1);

    assertThatThrownBy(() -> body(BodyLayout.of(new ByteRange(0, SIZE))))
        .isInstanceOfSatisfying(Refused.class, e -> assertThat(e.status()).isEqualTo(503));
  }

  @Test
  void givesBackWhatWasReadAheadWhenItIsClosedEarly() throws Exception {
    StoredBody body = body(BodyLayout.of(new ByteRange(0, SIZE)));
    next(body).release();

    body.close();
    body.close();
    assertThat(body.next()).isCompletedExceptionally();
  }

  @Test
  void closesTheObjectOnlyAfterTheReadUnderWay() throws Exception {
    StoredBody body = body(BodyLayout.of(new ByteRange(0, SIZE)));
    CountDownLatch gate = new CountDownLatch(1);
    object.gate = gate;
    next(body).release();
    CompletableFuture<Chunk> pending = body.next();

    body.close();
    assertThat(object.closed.get()).isZero();
    gate.countDown();
    assertThatThrownBy(() -> pending.get(10, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void stopsWaitingForABufferWhenItIsClosed() throws Exception {
    StoredBody body = body(BodyLayout.of(new ByteRange(0, SIZE)));
    buffers.refusals.set(Integer.MAX_VALUE);
    next(body).release();
    CompletableFuture<Chunk> pending = body.next();

    body.close();
    assertThatThrownBy(() -> pending.get(10, TimeUnit.SECONDS)).isNotNull();
  }
}
