package org.martlet.common.http;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// Makes bodies out of others, and reads them.
public final class Bodies {
  private Bodies() {}

  /// The whole content in memory; the body is closed if that fails.
  ///
  /// - Errors: [HttpFault.Kind#TOO_LARGE] as soon as more than `limit` bytes are known to come;
  ///   what [Body#next] fails with.
  /// - Threads: any; does not block.
  public static CompletableFuture<byte[]> readAll(Body body, int limit) {
    CompletableFuture<byte[]> whole = new CompletableFuture<>();
    if (body.length() > limit) {
      body.close();
      whole.completeExceptionally(tooLarge(limit));
    } else {
      int expected = (int) Math.max(body.length(), 0);
      new Reader(body, limit, whole, new ByteArrayOutputStream(Math.min(expected, 65_536))).run();
    }
    return whole;
  }

  /// One body after the other; their trailers are dropped.
  ///
  /// - Length: the sum, or -1 if one of them has none.
  public static Body concat(List<Body> parts) {
    return new ConcatBody(parts);
  }

  /// A body whose chunks a function makes.
  ///
  /// @param length the sum of all chunks, or -1
  /// @param next as [Body#next]
  /// @param close as [Body#close]
  public static Body pulling(long length, Supplier<CompletableFuture<Chunk>> next, Runnable close) {
    return pulling(length, next, Headers::new, close);
  }

  /// The same, with trailers that are asked for after the end.
  public static Body pulling(
      long length,
      Supplier<CompletableFuture<Chunk>> next,
      Supplier<Headers> trailers,
      Runnable close) {
    return new PulledBody(length, next, trailers, close);
  }

  static HttpFault tooLarge(long limit) {
    return new HttpFault(HttpFault.Kind.TOO_LARGE, "a body is longer than " + limit + " bytes");
  }

  private record PulledBody(
      long length,
      Supplier<CompletableFuture<Chunk>> source,
      Supplier<Headers> ending,
      Runnable closing)
      implements Body {
    @Override
    public CompletableFuture<Chunk> next() {
      return source.get();
    }

    @Override
    public Headers trailers() {
      return ending.get();
    }

    @Override
    public void close() {
      closing.run();
    }
  }

  private static final class ConcatBody implements Body {
    private final long length;
    private final ArrayDeque<Body> left;

    ConcatBody(List<Body> parts) {
      long sum = 0;
      for (Body part : parts) {
        sum = sum < 0 || part.length() < 0 ? -1 : sum + part.length();
      }
      length = sum;
      left = new ArrayDeque<>(parts);
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public CompletableFuture<Chunk> next() {
      Body first = left.peek();
      if (first == null) {
        return CompletableFuture.completedFuture(Chunk.END);
      }
      CompletableFuture<Chunk> next = first.next();
      if (next.isDone() && !next.isCompletedExceptionally()) {
        return next.resultNow().size() > 0 ? next : following();
      }
      return next.thenCompose(
          chunk -> chunk.size() > 0 ? CompletableFuture.completedFuture(chunk) : following());
    }

    @Override
    public Headers trailers() {
      return new Headers();
    }

    @Override
    public void close() {
      left.forEach(Body::close);
      left.clear();
    }

    private CompletableFuture<Chunk> following() {
      left.poll();
      return next();
    }
  }

  /// Reads in a loop, so that a body of many ready chunks does not deepen the stack.
  private record Reader(
      Body body, int limit, CompletableFuture<byte[]> whole, ByteArrayOutputStream bytes)
      implements Runnable {
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // took() looks at the failure
    public void run() {
      while (true) {
        CompletableFuture<Chunk> next = body.next();
        if (!next.isDone()) {
          next.whenComplete(
              (chunk, fault) -> {
                if (took(next)) {
                  run();
                }
              });
          return;
        }
        if (!took(next)) {
          return;
        }
      }
    }

    private boolean took(CompletableFuture<Chunk> next) {
      Chunk chunk;
      try {
        chunk = next.join();
      } catch (RuntimeException e) {
        body.close();
        whole.completeExceptionally(
            e instanceof CompletionException && e.getCause() != null ? e.getCause() : e);
        return false;
      }
      int size = chunk.size();
      if (size == 0) {
        whole.complete(bytes.toByteArray());
        return false;
      }
      if (size > limit - bytes.size()) {
        chunk.release();
        body.close();
        whole.completeExceptionally(tooLarge(limit));
        return false;
      }
      byte[] copy = new byte[size];
      chunk.bytes().get(copy);
      chunk.release();
      bytes.writeBytes(copy);
      return true;
    }
  }
}
