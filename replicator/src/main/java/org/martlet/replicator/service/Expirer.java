package org.martlet.replicator.service;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.run.ReplicaFault;

/// Deletes objects whose `X-Delete-At` has passed.
///
/// Every local device tells what it has of that kind. The executor of an object is the first
/// primary that answers and has it as due. It reads a majority, joins what they say, and if the
/// joined end has passed, sends every primary that says the same a DELETE with that end as its
/// condition and as its clock.
///
/// - Invariant: the tombstone's clock depends on nothing but the object's joined state, so two
///   executors, or one again, make the same tombstone: listings count it once.
/// - Races: a later PUT has a later clock (409); an extension changes the condition (412), or is in
/// the joined state before. One that reached less than a majority was never acknowledged; it loses
/// against the tombstone, or wins where the object has not gone yet.
/// - Threads: [#pass] one at a time; it blocks.
public final class Expirer extends DeviceService<ExpiringSource> {
  private static final int PAGE = 1000;
  private static final String IF_DELETE_AT = "X-If-Delete-At";

  private final ExpirerConfig config;
  private final Backends backends;
  private final ObjectReader reader;
  private final Workers workers;

  /// @param devices of this node that hold objects
  public Expirer(
      ExpirerConfig config,
      Backends backends,
      List<LocalDevice<ExpiringSource>> devices,
      InstantSource clock) {
    super("expirer", config.interval(), devices, clock);
    this.config = config;
    this.backends = backends;
    this.reader = new ObjectReader(backends);
    this.workers = new Workers(config.concurrency());
  }

  @Override
  void pass(LocalDevice<ExpiringSource> device) throws ReplicaFault {
    long due = clock().instant().minus(config.grace()).getEpochSecond();
    Optional<String> after = Optional.empty();
    do {
      ExpiringSource.Page page = device.source().expiring(due, after, PAGE);
      workers.each(page.objects(), object -> expire(device, object, due));
      after = page.next();
    } while (after.isPresent());
  }

  private void expire(LocalDevice<?> device, ExpiringSource.Expiring object, long due) {
    try {
      Place place = backends.place(object.path(), object.policy());
      int self = place.indexOf(device.isIt());
      if (self < 0) {
        return;
      }
      List<ReplicaState> before = new ArrayList<>();
      if (!isExecutor(place, object.policy(), self, due, before)) {
        return;
      }
      ObjectReader.Reading reading = reader.readAll(place, object.policy(), before, self);
      if (reading.view().known() < place.majority()) {
        progress().left();
        return;
      }
      Optional<ReplicaState> live = reading.view().live();
      long deleteAt = reading.view().deleteAt();
      if (live.isPresent() && deleteAt > 0 && deleteAt <= due) {
        delete(place, object.policy(), reading.view(), live.get().data(), deleteAt);
      }
    } catch (ReplicaFault e) {
      progress().failed(object.path().toString(), e);
    }
  }

  /// Whether no primary before this one answers and has the object as due.
  ///
  /// @param states what those that answer say
  private boolean isExecutor(Place place, int policy, int self, long due, List<ReplicaState> states)
      throws ReplicaFault {
    for (RingDevice earlier : place.primaries().subList(0, self)) {
      try {
        ReplicaState state = reader.read(earlier, place, policy);
        if (state.isDueBy(due)) {
          return false;
        }
        states.add(state);
      } catch (ReplicaFault e) {
        if (e.kind() == ReplicaFault.Kind.STOPPED) {
          throw e;
        }
      }
    }
    return true;
  }

  /// Sends the tombstone to every primary that has the object with this end. The others learn of it
  /// from them: what they have is older, and replication brings it up to date.
  private void delete(Place place, int policy, ObjectView view, Timestamp data, long deleteAt)
      throws ReplicaFault {
    Timestamp at = tombstoneClock(data, deleteAt);
    Headers headers =
        Backends.ofPolicy(policy)
            .set(BackendHeaders.TIMESTAMP, at.internal())
            .set(IF_DELETE_AT, deleteAt);
    int deleted = 0;
    boolean failed = false;
    for (ReplicaState state : view.states()) {
      boolean takesIt = state.isLive() && state.deleteAt() == deleteAt;
      if (!takesIt || !place.primaries().contains(state.device())) {
        continue;
      }
      try {
        Reply reply = backends.ask(state.device(), place, "DELETE", headers);
        if (changed(reply, at)) {
          break;
        }
        deleted += reply.isSuccess() ? 1 : 0;
      } catch (ReplicaFault e) {
        progress().failed(place.path().toString(), e);
        failed = true;
      }
    }
    if (deleted > 0) {
      progress().done();
    } else if (failed) {
      progress().left();
    }
  }

  /// The end itself, so that everybody finds the same; where the body is newer (its proxy's clock
  /// was ahead), the next moment after the body.
  private static Timestamp tombstoneClock(Timestamp data, long deleteAt) {
    Timestamp end = Timestamp.ofTicks(deleteAt * Timestamp.TICKS_PER_SECOND);
    return end.isAfter(data) ? end : data.nextTick();
  }

  /// Whether somebody extended the object or wrote another one since it was read.
  private static boolean changed(Reply reply, Timestamp at) {
    if (reply.status() == 412) {
      return true;
    }
    @Nullable Timestamp stored = reply.stored();
    return reply.status() == 409 && stored != null && stored.isAfter(at);
  }
}
