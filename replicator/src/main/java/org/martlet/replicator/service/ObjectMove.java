package org.martlet.replicator.service;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.run.ReplicaFault;

/// Brings an object, or its deletion, from one storage policy to another.
///
/// - Order: a majority of the right policy has the copy before anything is deleted; no listing
///   hears of either, so that the row goes on to say where work is left until all of it is done.
/// - Clocks: what arrives has the offset one above what it was; it wins against what it came from,
///   and loses against any later change. So each step may be done again.
final class ObjectMove {
  private static final Set<String> KEPT =
      Set.of(
          "content-type",
          "x-delete-at",
          "x-static-large-object",
          "x-object-manifest",
          "content-encoding",
          "content-disposition",
          "cache-control",
          "content-language",
          "expires",
          "x-robots-tag");
  private static final String OBJECT_HEADERS = "x-object-";
  private static final String SYSTEM_HEADERS = "x-object-sysmeta-";

  /// What became of it.
  enum Outcome {
    /// The right policy has it, the wrong one has it no more: the row may say so.
    MOVED,
    /// The right policy has something newer, and the wrong one has this no more; the row of the
    /// newer will come.
    OVERTAKEN,
    /// Not all that is needed is known or can be reached: later.
    LEFT
  }

  private final Backends backends;
  private final ObjectReader reader;
  private final Deletion deletion;

  ObjectMove(Backends backends) {
    this.backends = backends;
    this.reader = new ObjectReader(backends);
    this.deletion = new Deletion(backends);
  }

  /// The clock of something that was moved.
  static Timestamp moved(Timestamp clock) {
    return new Timestamp(clock.ticks(), clock.offset() + 1);
  }

  /// Carries a deletion over.
  ///
  /// @param at its clock in the wrong policy
  Outcome delete(ObjectPath path, int right, Timestamp at) throws ReplicaFault {
    Place place = backends.place(path, right);
    return isGone(place, right, moved(at)) ? Outcome.MOVED : Outcome.LEFT;
  }

  private boolean isGone(Place place, int policy, Timestamp at) throws ReplicaFault {
    Headers headers = Backends.ofPolicy(policy).set(BackendHeaders.NO_LISTING_UPDATE, "yes");
    Deletion.Result result = deletion.send(place, headers, at);
    return result.gone() + result.conflicts() >= place.majority();
  }

  /// Moves an object.
  ///
  /// @param data its clock, as its row has it
  Outcome move(ObjectPath path, int wrong, int right, Timestamp data) throws ReplicaFault {
    Place from = backends.place(path, wrong);
    Place to = backends.place(path, right);
    Timestamp at = moved(data);
    ObjectReader.Reading source = reader.readAll(from, wrong, List.of(), 0);
    ObjectReader.Reading target = reader.readAll(to, right, List.of(), 0);
    if (to.primaries().size() - target.unreachable() < to.majority()
        || source.view().known() < from.majority()) {
      return Outcome.LEFT;
    }
    Optional<ReplicaState> copy = source.view().live();
    if (copy.isEmpty()) {
      // Only the row is left to be done, if it was moved before.
      return source.view().hasNoBody() && hasCopies(target.view(), at, to)
          ? Outcome.MOVED
          : Outcome.LEFT;
    }
    boolean settled =
        copy.get().data().equals(data)
            && !source.view().newestMetadata().isAfter(copy.get().metadata());
    if (!settled) {
      return Outcome.LEFT;
    }
    boolean overtaken = newest(target.view()).isAfter(at);
    if (!overtaken && !isCopied(copy.get(), from, wrong, to, right, target.view())) {
      return Outcome.LEFT;
    }
    if (!isUnchanged(copy.get(), from, wrong) || !isGone(from, wrong, at)) {
      return Outcome.LEFT;
    }
    return overtaken ? Outcome.OVERTAKEN : Outcome.MOVED;
  }

  /// The newest body or deletion.
  private static Timestamp newest(ObjectView view) {
    Timestamp newest = Timestamp.ZERO;
    for (ReplicaState state : view.states()) {
      newest = Timestamp.max(newest, state.isLive() ? state.data() : state.newest());
    }
    return newest;
  }

  private static boolean hasCopies(ObjectView view, Timestamp at, Place place) {
    return view.states().stream()
            .filter(state -> state.isLive() && !at.isAfter(state.data()))
            .count()
        >= place.majority();
  }

  /// Whether a majority of the right policy has the copy now, with the newest metadata.
  private boolean isCopied(
      ReplicaState copy, Place from, int wrong, Place to, int right, ObjectView there)
      throws ReplicaFault {
    Timestamp at = moved(copy.data());
    int stored = 0;
    for (RingDevice device : to.primaries()) {
      try {
        stored += has(there, device, at, copy) || put(copy, from, wrong, device, to, right) ? 1 : 0;
      } catch (ReplicaFault e) {
        if (e.kind() == ReplicaFault.Kind.STOPPED) {
          throw e;
        }
      }
    }
    return stored >= to.majority();
  }

  private static boolean has(ObjectView view, RingDevice device, Timestamp at, ReplicaState copy) {
    return view.states().stream()
        .filter(state -> state.device().equals(device) && state.isLive())
        .anyMatch(state -> !at.isAfter(state.data()) && !copy.metadata().isAfter(state.metadata()));
  }

  private boolean put(
      ReplicaState copy, Place from, int wrong, RingDevice device, Place to, int right)
      throws ReplicaFault {
    Headers asked = Backends.ofPolicy(wrong).set(BackendHeaders.OPEN_EXPIRED, "true");
    Response read = backends.open(copy.device(), from, "GET", "", asked, Body.empty());
    Timestamp at = moved(copy.data());
    try {
      if (!isThatCopy(read, copy)) {
        return false;
      }
      Headers headers =
          kept(read.headers(), true, right).set(BackendHeaders.TIMESTAMP, at.internal());
      checksums(read.headers(), headers);
      headers.set(BackendHeaders.NO_LISTING_UPDATE, "yes");
      Reply reply = backends.upload(device, to, headers, read.body());
      boolean isThere = reply.isSuccess() || isConflictWith(reply, at);
      return isThere && (!isNewer(copy, at) || post(read.headers(), copy, device, to, right));
    } finally {
      read.body().close();
    }
  }

  private static boolean isThatCopy(Response read, ReplicaState copy) {
    Reply head = new Reply(read.status(), read.headers(), new byte[0]);
    return read.isSuccess()
        && copy.data().equals(head.clock(BackendHeaders.DATA_TIMESTAMP))
        && copy.metadata().equals(head.clock(BackendHeaders.TIMESTAMP));
  }

  private static boolean isConflictWith(Reply reply, Timestamp at) {
    @Nullable Timestamp stored = reply.stored();
    return reply.status() == 409 && stored != null && !at.isAfter(stored);
  }

  private static boolean isNewer(ReplicaState copy, Timestamp at) {
    return copy.metadata().isAfter(at);
  }

  /// Metadata that is newer than the body gets its own clock, so that it loses against what is
  /// newer still, and against nothing else.
  private boolean post(Headers read, ReplicaState copy, RingDevice device, Place to, int right)
      throws ReplicaFault {
    Headers headers =
        kept(read, false, right).set(BackendHeaders.TIMESTAMP, copy.metadata().internal());
    headers.set(BackendHeaders.NO_LISTING_UPDATE, "yes");
    Reply reply = backends.ask(device, to, "POST", headers);
    return reply.isSuccess() || reply.status() == 409;
  }

  /// The checksums that the body was read with; a body that is not the same is refused.
  private static void checksums(Headers read, Headers to) {
    String etag = read.getOr("ETag", "").replace("\"", "");
    @Nullable String crc = read.get(BackendHeaders.CRC32C);
    if (crc == null) {
      to.set("ETag", etag);
    } else {
      to.set(BackendHeaders.ETAG, etag).set(BackendHeaders.CRC32C, crc);
    }
  }

  /// @param whole with what stays with a body through a POST, too
  private static Headers kept(Headers read, boolean whole, int policy) {
    Headers kept = Backends.ofPolicy(policy);
    read.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          boolean ofBody = lower.equals("content-type") || lower.startsWith(SYSTEM_HEADERS);
          if ((KEPT.contains(lower) || lower.startsWith(OBJECT_HEADERS)) && (whole || !ofBody)) {
            kept.add(name, value);
          }
        });
    return kept;
  }

  /// Whether the wrong policy still has nothing but what was copied.
  private boolean isUnchanged(ReplicaState copy, Place from, int wrong) throws ReplicaFault {
    ObjectView now = reader.readAll(from, wrong, List.of(), 0).view();
    return now.known() >= from.majority()
        && now.live().filter(state -> state.data().equals(copy.data())).isPresent()
        && !now.newestMetadata().isAfter(copy.metadata());
  }
}
