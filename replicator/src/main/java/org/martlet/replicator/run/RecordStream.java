package org.martlet.replicator.run;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.replication.FrameHead;

/// A record on its way from one server to another: the answer of the first becomes the body of the
/// request to the second, as fast as the budget allows. Nothing but the head is looked at.
///
/// - Bound: one chunk, and the first ones until the head is whole.
/// - Threads: who opens it waits for the head; the rest is pulled by the request, and waits for the
///   budget on virtual threads.
final class RecordStream implements AutoCloseable {
  private final Body answer;
  private final FrameHead head;
  private final Deque<Chunk> read;
  private final Prepayment prepayment;
  private volatile boolean failed;

  private RecordStream(DeviceCalls source, Body answer, FrameHead head, Deque<Chunk> read) {
    this.answer = answer;
    this.head = head;
    this.read = read;
    this.prepayment = new Prepayment(bytes -> source.budget().takeBytes(bytes), head.frameBytes());
  }

  /// Reads the head.
  static RecordStream open(DeviceCalls source, Response response, ObjectHash hash)
      throws ReplicaFault {
    Deque<Chunk> read = new ArrayDeque<>();
    boolean opened = false;
    try {
      ByteBuffer first = ByteBuffer.allocate(FrameHead.BYTES);
      while (first.hasRemaining()) {
        Chunk chunk = source.await(response.body().next());
        if (chunk.size() == 0) {
          throw source.fault(ReplicaFault.Kind.PROTOCOL, "a record is cut short");
        }
        read.add(chunk);
        ByteBuffer bytes = chunk.bytes();
        first.put(bytes.limit(Math.min(bytes.limit(), bytes.position() + first.remaining())));
      }
      FrameHead head = FrameHead.read(first.flip());
      if (!head.hash().equals(hash) || head.bodyBytes() == FrameHead.OMITTED) {
        throw new IllegalArgumentException("not the whole record that was asked for");
      }
      opened = true;
      return new RecordStream(source, response.body(), head, read);
    } catch (IllegalArgumentException e) {
      throw source.fault(ReplicaFault.Kind.PROTOCOL, String.valueOf(e.getMessage()));
    } finally {
      if (!opened) {
        read.forEach(Chunk::release);
        response.body().close();
      }
    }
  }

  FrameHead head() {
    return head;
  }

  /// Whether it was the source that failed.
  boolean hasFailed() {
    return failed;
  }

  /// The whole frame; to be pulled once.
  Body body() {
    return Bodies.pulling(head.frameBytes(), this::next, this::close);
  }

  private synchronized CompletableFuture<Chunk> next() {
    Chunk waiting = read.poll();
    if (waiting != null) {
      return paid(waiting);
    }
    return answer
        .next()
        .whenComplete((chunk, fault) -> failed |= fault != null)
        .thenCompose(
            chunk -> chunk.size() == 0 ? CompletableFuture.completedFuture(chunk) : paid(chunk));
  }

  /// The chunk, when the budget has bytes for it.
  private CompletableFuture<Chunk> paid(Chunk chunk) {
    CompletableFuture<Chunk> paid = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                prepayment.use(chunk.size());
                paid.complete(chunk);
              } catch (ReplicaFault e) {
                chunk.release();
                paid.completeExceptionally(e);
              }
            });
    return paid;
  }

  @Override
  public synchronized void close() {
    read.forEach(Chunk::release);
    read.clear();
    answer.close();
  }
}
