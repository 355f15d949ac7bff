package org.martlet.containerserver.server;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.device.LastPass;
import org.martlet.common.device.RejoinRule;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.replication.DigestTable;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.ListingEntry;
import org.martlet.common.replication.ListingPart;
import org.martlet.common.replication.RowDigest;
import org.martlet.common.replication.RowNames;
import org.martlet.containerserver.listing.ListingFault;
import org.martlet.containerserver.listing.ListingKind;
import org.martlet.containerserver.listing.ListingReplicas;
import org.martlet.containerserver.listing.Reclaim;

/// `/<device>/replication/…`: what replicas of listings say to each other.
///
/// All of it runs on threads of its own ([ListingDevice#background]), so that clients do not wait
/// behind scans.
///
/// - Source: `docs/http-api.md` §1.4.
final class ReplicationHandler {
  private static final String PREFIX = "/replication/";
  private static final String DELETED = "X-Backend-DELETE-Timestamp";

  /// How long one request may scan.
  static final Duration SCAN = Duration.ofSeconds(1);

  private static final int MAX_BITS = 31;
  private static final int LEAF_BITS = 16;
  private static final int MAX_BITS_BELOW = 16;

  private final ListingKind kind;
  private final ListingRings rings;
  private final BodyCollector bodies;
  private final ListingMemory memory;
  private final RejoinRule rejoin;
  private final InstantSource clock;
  private final ServiceWork work;

  ReplicationHandler(
      ListingKind kind,
      ListingRings rings,
      BodyCollector bodies,
      ListingMemory memory,
      RejoinRule rejoin,
      InstantSource clock) {
    this.kind = kind;
    this.rings = rings;
    this.bodies = bodies;
    this.memory = memory;
    this.rejoin = rejoin;
    this.clock = clock;
    this.work = new ServiceWork(kind);
  }

  /// A path of this handler's.
  ///
  /// @param device the device's name
  /// @param what is asked for
  record Target(String device, String what) {
    /// Null if it is somebody else's.
    static @Nullable Target of(String path) {
      int end = path.indexOf('/', 1);
      boolean ours =
          end > 0 && path.startsWith(PREFIX, end) && path.indexOf('/', end + PREFIX.length()) < 0;
      return ours
          ? new Target(path.substring(1, end), path.substring(end + PREFIX.length()))
          : null;
    }
  }

  CompletableFuture<Response> handle(Request request, ListingDevice device, String what) {
    ReplicationQuery query = new ReplicationQuery(request.rawQuery());
    return switch (request.method() + " " + what) {
      case "GET roots" -> device.background().call(() -> roots(device, query));
      case "POST roots" -> body(request, device, body -> differing(device, query, body));
      case "GET leaves" -> device.background().call(() -> leaves(device, query));
      case "GET listings" -> device.background().call(() -> listings(device, query));
      case "GET listing" -> device.background().call(() -> listing(device, query));
      case "GET rows" -> device.background().call(() -> rows(device, query));
      case "POST rows" -> body(request, device, body -> fetch(device, query, body));
      case "POST merge" -> body(request, device, body -> merge(device, query, body));
      case "POST drop" -> device.background().callAsync(() -> drop(device, query));
      case "POST reclaim" -> device.background().callAsync(() -> reclaim(device, query));
      case "POST in-touch" -> device.background().call(() -> inTouch(device));
      default -> work.handle(request, device, what, query);
    };
  }

  private interface BodyUse {
    CompletableFuture<Response> with(byte[] body) throws ListingFault;
  }

  private CompletableFuture<Response> body(Request request, ListingDevice device, BodyUse use) {
    return bodies.collect(
        request.body(),
        device.batches(),
        body -> device.background().callAsync(() -> checked(use, body)));
  }

  private static CompletableFuture<Response> checked(BodyUse use, byte[] body) throws ListingFault {
    try {
      return use.with(body);
    } catch (IllegalArgumentException e) {
      throw new Refused(400, String.valueOf(e.getMessage()));
    }
  }

  private static ListingReplicas replicas(ListingDevice device) {
    return device.online().replicas();
  }

  private Headers about(ObjectHash hash, ListingDevice device) {
    return PeerAnswers.binary()
        .set(BackendHeaders.PRIMARY, "" + rings.isPrimary(kind, hash, device.name()));
  }

  private Response roots(ListingDevice device, ReplicationQuery query) throws ListingFault {
    int partPower = query.partPower();
    int last = (int) ((1L << partPower) - 1);
    int first = (int) query.number("first", 0, last);
    SortedMap<Integer, Digest> roots =
        replicas(device).digests(kind, partPower, first, last, DigestTable.MAX_ENTRIES + 1);
    Headers headers = PeerAnswers.binary();
    if (roots.size() > DigestTable.MAX_ENTRIES) {
      headers.set(BackendHeaders.NEXT_PARTITION, roots.lastKey());
      roots = roots.headMap(roots.lastKey());
    }
    return PeerAnswers.binary(headers, DigestTable.encode(roots), memory);
  }

  private CompletableFuture<Response> differing(
      ListingDevice device, ReplicationQuery query, byte[] body) throws ListingFault {
    int partPower = query.partPower();
    SortedMap<Integer, Digest> theirs = DigestTable.decode(body);
    SortedMap<Integer, Digest> differing = new TreeMap<>();
    if (!theirs.isEmpty()) {
      if (theirs.lastKey() >>> partPower != 0) {
        throw new Refused(400, "There is no partition " + theirs.lastKey());
      }
      SortedMap<Integer, Digest> ours =
          replicas(device)
              .digests(kind, partPower, theirs.firstKey(), theirs.lastKey(), Integer.MAX_VALUE);
      theirs.forEach(
          (partition, digest) -> {
            Digest here = ours.getOrDefault(partition, Digest.ZERO);
            if (!here.equals(digest)) {
              differing.put(partition, here);
            }
          });
    }
    return CompletableFuture.completedFuture(
        PeerAnswers.binary(PeerAnswers.binary(), DigestTable.encode(differing), memory));
  }

  private Response leaves(ListingDevice device, ReplicationQuery query) throws ListingFault {
    int partPower = query.partPower();
    int partition = (int) query.number("partition", (1L << partPower) - 1);
    int wanted = (int) query.number("bits", MAX_BITS);
    int most = Math.clamp(LEAF_BITS, partPower, partPower + MAX_BITS_BELOW);
    int bits = Math.clamp(wanted, partPower, most);
    int below = bits - partPower;
    int first = partition << below;
    int last = first + (1 << below) - 1;
    SortedMap<Integer, Digest> leaves =
        replicas(device).digests(kind, bits, first, last, DigestTable.MAX_ENTRIES);
    long start = partPower == 0 ? 0 : (long) partition << (Long.SIZE - partPower);
    Headers headers = about(new ObjectHash(start, 0), device).set(BackendHeaders.LEAF_BITS, bits);
    return PeerAnswers.binary(headers, DigestTable.encode(leaves), memory);
  }

  private Response listings(ListingDevice device, ReplicationQuery query) throws ListingFault {
    HashRange range = query.range();
    int limit = (int) query.number("limit", ListingEntry.MAX_ENTRIES, ListingEntry.MAX_ENTRIES);
    ListingReplicas.Page page = replicas(device).listings(kind, range, Math.max(1, limit));
    Headers headers = about(range.first(), device);
    page.next().ifPresent(next -> headers.set(BackendHeaders.NEXT_HASH, next.toString()));
    return PeerAnswers.binary(headers, ListingEntry.encode(page.entries()), memory);
  }

  private Response listing(ListingDevice device, ReplicationQuery query) throws ListingFault {
    ObjectHash hash = query.hash("hash");
    Headers headers = about(hash, device);
    Optional<ListingReplicas.Head> head = replicas(device).head(kind, hash);
    if (head.isEmpty()) {
      // 204 and not 404: that a replica lacks a listing is an answer as good as any.
      return Response.empty(204, headers);
    }
    if (!head.get().deleted().equals(Timestamp.ZERO)) {
      headers.set(DELETED, head.get().deleted().internal());
    }
    return PeerAnswers.binary(headers, head.get().summary().encode(), memory);
  }

  private Response rows(ListingDevice device, ReplicationQuery query) throws ListingFault {
    ObjectHash hash = query.hash("hash");
    int limit = (int) query.number("limit", RowDigest.Page.MAX_ROWS, RowDigest.Page.MAX_ROWS);
    Optional<RowDigest.Page> page =
        replicas(device)
            .rows(
                kind,
                hash,
                query.leaves("leaves"),
                query.rowName("after"),
                Math.max(1, limit),
                SCAN);
    Headers headers = about(hash, device);
    return page.isEmpty()
        ? Response.empty(204, headers)
        : PeerAnswers.binary(headers, page.get().encode(), memory);
  }

  private CompletableFuture<Response> fetch(
      ListingDevice device, ReplicationQuery query, byte[] body) throws ListingFault {
    ObjectHash hash = query.hash("hash");
    List<String> names = RowNames.decode(body);
    try (ListingMemory.Share share = memory.share()) {
      Optional<ListingPart> part = replicas(device).fetch(kind, hash, names, share);
      Headers headers = about(hash, device);
      return CompletableFuture.completedFuture(
          part.isEmpty()
              ? Response.empty(204, headers)
              : new Response(200, headers, share.body(part.get().encode())));
    }
  }

  private CompletableFuture<Response> merge(
      ListingDevice device, ReplicationQuery query, byte[] body) {
    ObjectHash hash = query.hash("hash");
    boolean primary = rings.isPrimary(kind, hash, device.name());
    Headers headers = Headers.of(BackendHeaders.PRIMARY, "" + primary);
    if (!primary) {
      return CompletableFuture.completedFuture(Response.empty(204, headers));
    }
    device.checkSpace();
    return replicas(device)
        .merge(kind, hash, ListingPart.decode(body), query.isTrue("report"))
        .thenApply(merged -> Response.empty(204, headers));
  }

  private CompletableFuture<Response> drop(ListingDevice device, ReplicationQuery query)
      throws ListingFault {
    ObjectHash hash = query.hash("hash");
    if (rings.isPrimary(kind, hash, device.name())) {
      return CompletableFuture.completedFuture(outcome("primary"));
    }
    return replicas(device)
        .drop(kind, hash, query.digest("digest"))
        .thenApply(dropped -> outcome(dropped.name().toLowerCase(Locale.ROOT)));
  }

  private static Response outcome(String word) {
    return PeerAnswers.json(out -> out.writeStringProperty("outcome", word));
  }

  private CompletableFuture<Response> reclaim(ListingDevice device, ReplicationQuery query)
      throws ListingFault {
    HashRange range = query.range();
    Reclaim.Position from = new Reclaim.Position(range.first(), query.rowName("after"));
    return replicas(device)
        .reclaim(kind, from, range.last(), query.timestamp("before"), SCAN)
        .thenApply(
            step ->
                PeerAnswers.json(
                    out -> {
                      out.writeNumberProperty("rows", step.rows());
                      out.writeNumberProperty("listings", step.listings());
                      step.next()
                          .ifPresent(
                              next -> {
                                out.writeStringProperty("next", next.hash().toString());
                                out.writeStringProperty("after", next.after());
                              });
                    }));
  }

  /// A pass over the device has ended, by a ring that has it. A device that was out of touch
  /// for too long stays so until an operator says what is to become of it: it is served as it is,
  /// and refused at the next start.
  private Response inTouch(ListingDevice device) {
    device.online();
    try {
      return inTouch(device, device.lastPass(kind));
    } catch (IOException e) {
      throw device.unavailable(String.valueOf(e.getMessage()));
    }
  }

  private Response inTouch(ListingDevice device, LastPass pass) throws IOException {
    Instant now = clock.instant();
    Optional<Instant> last = pass.read();
    if (last.isPresent() && rejoin.isStale(last.get(), now)) {
      throw new Refused(
          409,
          "Drive "
              + device.name()
              + " was last in touch at "
              + last.get()
              + ", longer ago than the reclaim age: stop its server and run martlet rejoin-device");
    }
    pass.write(now);
    return Response.empty(204);
  }
}
