package org.martlet.proxyserver.object;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.martlet.common.http.BlockingBody;
import org.martlet.common.http.Body;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.model.ByteSize;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.runtime.TimestampSource;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.backend.BackendAnswer;
import org.martlet.proxyserver.backend.BackendRequest;
import org.martlet.proxyserver.backend.Cluster;
import org.martlet.proxyserver.backend.Placement;
import org.martlet.proxyserver.backend.UploadFanout;
import org.martlet.proxyserver.quorum.WriteRules;
import org.martlet.proxyserver.quorum.WriteRules.Conflicts;
import org.martlet.proxyserver.quorum.WriteRules.Missing;

/// Changes objects: stores a body under a name, replaces metadata, deletes.
///
/// A short body is read whole and sent from memory, as often as it takes; a longer one streams to
/// devices that consented, or is lost with the client.
///
/// - Durability: a success means what [org.martlet.proxyserver.quorum.DurabilityRule] says.
/// - Threads: any; blocks.
final class ObjectWriter {
  /// How long a body will be that is sent in chunks: devices choose by it where to put it.
  private static final String LENGTH_HINT = "X-Backend-Obj-Content-Length";

  private final Cluster cluster;
  private final TimestampSource timestamps;
  private final ObjectConfig config;
  private final ByteSize maxSize;

  ObjectWriter(Cluster cluster, TimestampSource timestamps, ObjectConfig config, ByteSize maxSize) {
    this.cluster = cluster;
    this.timestamps = timestamps;
    this.config = config;
    this.maxSize = maxSize;
  }

  /// What is to be stored.
  ///
  /// @param target under which name
  /// @param headers kept with it
  /// @param etag what the body's MD5 must be
  /// @param creationOnly whether nothing of that name may exist
  record NewObject(
      ObjectTarget target, Headers headers, Optional<String> etag, boolean creationOnly) {}

  /// What became of it.
  ///
  /// @param etag the body's MD5
  /// @param at the clock that it was stored with
  record Stored(String etag, Timestamp at) {}

  /// Makes the headers of each round, each with a clock above what devices hold.
  private final class Bidding {
    private final Headers base;
    private final AtomicReference<Timestamp> at;

    Bidding(ObjectTarget target, Headers base) {
      this.base = base.copy().set(BackendHeaders.POLICY_INDEX, target.policy());
      this.at = new AtomicReference<>(timestamps.next());
    }

    Headers first() {
      return base.copy().set(BackendHeaders.TIMESTAMP, at().internal());
    }

    Headers above(Timestamp stored) {
      at.set(timestamps.nextAfter(stored));
      return first();
    }

    Timestamp at() {
      return at.get();
    }
  }

  /// Stores a body.
  ///
  /// @throws ApiException with the status for the client if it is not stored
  Stored put(NewObject wanted, Body body) throws InterruptedException {
    if (body.length() > maxSize.bytes()) {
      throw new ApiException(413);
    }
    BlockingBody source = new BlockingBody(body);
    Beginning beginning = Beginning.read(source, body.length(), config.wholeBody());
    return beginning.isWhole() && !wanted.creationOnly()
        ? putWhole(wanted, beginning)
        : stream(wanted, beginning, source, body.length());
  }

  private Stored putWhole(NewObject wanted, Beginning body) throws InterruptedException {
    BodyDigest digest = new BodyDigest();
    byte[] bytes = body.bytes();
    digest.update(ByteBuffer.wrap(bytes));
    BodyDigest.Result result = digest.result();
    checkEtag(wanted, result);
    Placement placement = cluster.place(wanted.target().path(), wanted.target().policy());
    Bidding bidding = new Bidding(wanted.target(), result.addTo(headers(wanted)));
    BackendRequest request =
        wanted.target().request("PUT", bidding.first()).withBody(() -> Body.of(bytes));
    BackendAnswer answer = cluster.change(placement, request, putRules(placement), bidding::above);
    return stored(answer, result, bidding);
  }

  /// @param length what is announced, -1 if nothing
  private Stored stream(NewObject wanted, Beginning beginning, BlockingBody source, long length)
      throws InterruptedException {
    Placement placement = cluster.place(wanted.target().path(), wanted.target().policy());
    Headers headers = headers(wanted).set(BackendHeaders.COMMIT, "trailers");
    if (length >= 0) {
      headers.set(LENGTH_HINT, length);
    }
    if (wanted.creationOnly()) {
      headers.set("If-None-Match", "*");
    }
    Bidding bidding = new Bidding(wanted.target(), headers);
    BackendRequest request = wanted.target().request("PUT", bidding.first());
    UploadFanout.UploadLimits limits =
        new UploadFanout.UploadLimits(
            config.replicaQueue().bytes(),
            config.stallTimeout(),
            cluster.config().postQuorumTimeout());
    try (UploadFanout upload =
        cluster.upload(placement, request, putRules(placement), bidding::above, limits)) {
      BodyDigest digest = new BodyDigest();
      Optional<BackendAnswer> refused = upload.open();
      if (refused.isPresent()) {
        return stored(refused.get(), digest.result(), bidding);
      }
      boolean wantsMore = pass(beginning, source, digest, upload);
      BodyDigest.Result result = digest.result();
      if (wantsMore) {
        checkEtag(wanted, result);
      }
      return stored(upload.finish(result.addTo(new Headers())), result, bidding);
    }
  }

  /// Passes the body on, piece by piece.
  ///
  /// @return false if it was decided before the end
  private boolean pass(
      Beginning beginning, BlockingBody source, BodyDigest digest, UploadFanout upload)
      throws InterruptedException {
    boolean wantsMore = true;
    if (beginning.bytes().length > 0) {
      digest.update(ByteBuffer.wrap(beginning.bytes()));
      wantsMore = upload.write(Chunk.of(beginning.bytes()));
    }
    while (wantsMore && !beginning.isWhole()) {
      Chunk chunk = read(source);
      if (chunk.size() == 0) {
        return true;
      }
      digest.update(chunk.bytes());
      if (digest.length() > maxSize.bytes()) {
        chunk.release();
        throw new ApiException(413);
      }
      wantsMore = upload.write(chunk);
    }
    return wantsMore;
  }

  static Chunk read(BlockingBody source) throws InterruptedException {
    try {
      return source.read();
    } catch (HttpFault e) {
      throw brokenOff(e);
    }
  }

  /// The answer to a client whose body does not come as announced.
  private static ApiException brokenOff(HttpFault fault) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return switch (fault.kind()) {
      case TIMEOUT -> new ApiException(408);
      case TOO_LARGE -> new ApiException(413);
      case PROTOCOL -> new ApiException(400);
      case EXHAUSTED -> new ApiException(503);
      case CONNECT, CLOSED, ABORTED -> new ApiException(499);
    };
  }

  private static Headers headers(NewObject wanted) {
    return wanted.headers().copy();
  }

  private static void checkEtag(NewObject wanted, BodyDigest.Result result) {
    if (wanted.etag().isPresent() && !wanted.etag().get().equals(result.etag())) {
      throw new ApiException(422);
    }
  }

  private WriteRules putRules(Placement placement) {
    return new WriteRules(
        cluster.durability(placement), Conflicts.OUTBID, Missing.ANSWER, 201, config.rounds());
  }

  private static Stored stored(BackendAnswer answer, BodyDigest.Result result, Bidding bidding) {
    if (answer.status() != 201) {
      throw new ApiException(answer.status());
    }
    return new Stored(result.etag(), bidding.at());
  }

  /// Replaces an object's metadata.
  ///
  /// @param headers kept from now on
  /// @return the status for the client
  int post(ObjectTarget target, Headers headers) throws InterruptedException {
    return change("POST", target, headers, Missing.ASK_ANOTHER, 202);
  }

  /// Deletes an object.
  ///
  /// @return the status for the client
  int delete(ObjectTarget target) throws InterruptedException {
    return change("DELETE", target, new Headers(), Missing.COUNTS_AS_DONE, 204);
  }

  private int change(String method, ObjectTarget target, Headers headers, Missing missing, int done)
      throws InterruptedException {
    Placement placement = cluster.place(target.path(), target.policy());
    WriteRules rules =
        new WriteRules(
            cluster.durability(placement), Conflicts.OUTBID, missing, done, config.rounds());
    Bidding bidding = new Bidding(target, headers);
    return cluster
        .change(placement, target.request(method, bidding.first()), rules, bidding::above)
        .status();
  }
}
