package org.martlet.proxyserver.object;

import java.util.concurrent.CompletableFuture;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;

/// The body of an object that is copied. Whatever is wrong with it reads as if it had broken off:
/// the client, who sent nothing, is not to blame.
final class CopySource implements Body {
  private final Body body;

  CopySource(Body body) {
    this.body = body;
  }

  @Override
  public long length() {
    return body.length();
  }

  @Override
  public CompletableFuture<Chunk> next() {
    return body.next()
        .exceptionallyCompose(
            problem ->
                CompletableFuture.failedFuture(
                    new HttpFault(
                        HttpFault.Kind.CLOSED, "the source broke off", HttpFault.of(problem))));
  }

  @Override
  public Headers trailers() {
    return body.trailers();
  }

  @Override
  public void close() {
    body.close();
  }
}
