package org.martlet.replicator.service;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.run.ReplicaFault;

/// Moves objects that lie in another storage policy than their container's: what remains when a
/// container was created twice, with different policies, on two sides of a broken network.
///
/// The executor of a container is the first primary that answers and knows it. It waits until all
/// of them that answer, and at least a majority, agree on the policy; then every row of another is
/// worked off: the object is copied, deleted where it was, and last the row is corrected. Until
/// then the row stays, and who is cut off finds it again.
///
/// - Threads: [#pass] one at a time; it blocks.
public final class Reconciler extends DeviceService<MisplacedSource> {
  private static final int PAGE = 500;

  private final Backends backends;
  private final ObjectMove move;
  private final Workers workers;

  /// @param devices of this node that hold containers
  public Reconciler(
      ReconcilerConfig config,
      Backends backends,
      List<LocalDevice<MisplacedSource>> devices,
      InstantSource clock) {
    super("reconciler", config.interval(), devices, clock);
    this.backends = backends;
    this.move = new ObjectMove(backends);
    this.workers = new Workers(config.concurrency());
  }

  @Override
  void pass(LocalDevice<MisplacedSource> device) throws ReplicaFault {
    Optional<String> from = Optional.empty();
    do {
      MisplacedSource.Containers page = device.source().containers(from, PAGE);
      for (MisplacedSource.Marked container : page.containers()) {
        try {
          reconcile(device, container);
        } catch (ReplicaFault e) {
          progress().failed(container.container().toString(), e);
        }
      }
      from = page.next();
    } while (from.isPresent());
  }

  private void reconcile(LocalDevice<MisplacedSource> device, MisplacedSource.Marked container)
      throws ReplicaFault {
    boolean found = false;
    Place place = backends.place(container.container());
    Optional<String> from = Optional.empty();
    OptionalInt right = OptionalInt.empty();
    do {
      MisplacedSource.Rows page = device.source().rows(container, from, PAGE);
      if (!page.rows().isEmpty()) {
        right = found ? right : policy(place, place.indexOf(device.isIt()));
        found = true;
        if (right.isEmpty()) {
          return;
        }
        int policy = right.getAsInt();
        workers.each(page.rows(), row -> reconcile(place, row, policy));
      }
      from = page.next();
    } while (from.isPresent());
    if (!found) {
      device.source().settled(container);
    }
  }

  /// The policy that the container's replicas agree on; empty if they do not, or if it is not for
  /// this device to act.
  private OptionalInt policy(Place place, int self) throws ReplicaFault {
    if (self < 0) {
      return OptionalInt.empty();
    }
    Set<String> policies = new HashSet<>();
    int known = 0;
    for (int i = 0; i < place.primaries().size(); i++) {
      Optional<String> policy = policy(place.primaries().get(i), place);
      if (policy.isPresent()) {
        if (i < self) {
          return OptionalInt.empty();
        }
        policies.add(policy.get());
        known++;
      }
    }
    if (known < place.majority() || policies.size() != 1) {
      progress().left();
      return OptionalInt.empty();
    }
    return OptionalInt.of(Integer.parseInt(policies.iterator().next()));
  }

  private Optional<String> policy(RingDevice device, Place place) throws ReplicaFault {
    try {
      Reply reply = backends.ask(device, place, "HEAD", new Headers());
      @Nullable Timestamp clock = reply.stored();
      boolean knows = clock != null && !clock.equals(Timestamp.ZERO);
      @Nullable String policy = reply.headers().get(BackendHeaders.POLICY_INDEX);
      return knows && policy != null && policy.matches("[0-9]{1,9}")
          ? Optional.of(policy)
          : Optional.empty();
    } catch (ReplicaFault e) {
      if (e.kind() == ReplicaFault.Kind.STOPPED) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private void reconcile(Place container, ListingRow row, int right) {
    if (row.policy() == right) {
      return;
    }
    ObjectPath listing = container.path();
    ObjectPath path =
        ObjectPath.object(listing.account(), String.valueOf(listing.container()), row.name());
    try {
      ObjectMove.Outcome outcome =
          row.deleted()
              ? move.delete(path, right, row.data())
              : move.move(path, row.policy(), right, row.data());
      boolean done = outcome == ObjectMove.Outcome.MOVED && isListed(container, row, right);
      if (done) {
        progress().done();
      } else if (outcome != ObjectMove.Outcome.OVERTAKEN) {
        progress().left();
      }
    } catch (ReplicaFault e) {
      progress().failed(path.toString(), e);
    }
  }

  /// Whether a majority of the container's replicas has the row with its new policy.
  private boolean isListed(Place container, ListingRow row, int right) throws ReplicaFault {
    ListingRow corrected =
        new ListingRow(
            row.name(),
            ObjectMove.moved(row.data()),
            row.contentTypeClock(),
            row.metadata(),
            row.deleted(),
            row.size(),
            row.etag(),
            row.contentType(),
            right);
    byte[] batch =
        UpdateBatch.encodeRows(
            List.of(new UpdateBatch.RowUpdate(container.path(), List.of(corrected))));
    int stored = 0;
    for (RingDevice device : container.primaries()) {
      try {
        stored += backends.update(device, batch, 1).getFirst() == 201 ? 1 : 0;
      } catch (ReplicaFault e) {
        if (e.kind() == ReplicaFault.Kind.STOPPED) {
          throw e;
        }
      }
    }
    return stored >= container.majority();
  }
}
