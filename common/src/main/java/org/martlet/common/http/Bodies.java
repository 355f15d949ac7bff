package org.martlet.common.http;

import java.io.ByteArrayOutputStream;
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

  /// A body over an array that others may be sent at the same time: it goes out in pieces as the
  /// receiver takes them, so that who does not read costs one piece of memory, not the whole.
  ///
  /// @param content not to be changed
  /// @param ended runs once, when the last piece was given out or the body is closed
  public static Body sliced(byte[] content, Runnable ended) {
    return new SlicedBody(content, ended);
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
