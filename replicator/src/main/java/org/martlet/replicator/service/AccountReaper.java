package org.martlet.replicator.service;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.martlet.common.http.Headers;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.run.ReplicaFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes what is left in accounts that were deleted: objects of all policies, then containers.
///
/// The executor of an account is the first primary that answers and has it as deleted; a majority
/// has to agree, and none may have it as existing. A container goes only when each of its primaries
/// has told what it lists: objects that one alone has heard of would come back with it, and no
/// account would lead to them. Whatever fails is left, and met by the next pass: everything that is
/// done here may be done again. The account itself goes when it is reclaimed.
///
/// - Threads: [#pass] one at a time; it blocks.
public final class AccountReaper extends DeviceService<DeletedAccounts> {
  private static final Logger LOG = LoggerFactory.getLogger(AccountReaper.class);
  private static final int PAGE = 1000;

  private final AccountReaperConfig config;
  private final Backends backends;
  private final Listings listings;
  private final Deletion deletion;
  private final Workers workers;

  /// @param devices of this node that hold accounts
  public AccountReaper(
      AccountReaperConfig config,
      Backends backends,
      List<LocalDevice<DeletedAccounts>> devices,
      InstantSource clock) {
    super("account-reaper", config.interval(), devices, clock);
    this.config = config;
    this.backends = backends;
    this.listings = new Listings(backends);
    this.deletion = new Deletion(backends);
    this.workers = new Workers(config.concurrency());
  }

  @Override
  void pass(LocalDevice<DeletedAccounts> device) throws ReplicaFault {
    Optional<String> from = Optional.empty();
    do {
      DeletedAccounts.Page page = device.source().deleted(from, PAGE);
      for (DeletedAccounts.Deleted account : page.accounts()) {
        try {
          reap(device, account);
        } catch (ReplicaFault e) {
          progress().failed(account.account(), e);
        }
      }
      from = page.next();
    } while (from.isPresent());
  }

  private void reap(LocalDevice<?> device, DeletedAccounts.Deleted account) throws ReplicaFault {
    Instant due = account.deleted().toInstant().plus(config.delayReaping());
    if (clock().instant().isBefore(due)) {
      progress().left();
      return;
    }
    Place place = backends.place(ObjectPath.account(account.account()));
    int self = place.indexOf(device.isIt());
    if (self < 0 || !isForUs(place, self)) {
      return;
    }
    boolean complete = true;
    String marker = "";
    List<String> names;
    do {
      names = listings.page(place.primaries().get(self), place, marker, shownDeleted());
      for (String name : names) {
        complete &= reapContainer(ObjectPath.container(account.account(), name));
        marker = name;
      }
    } while (!names.isEmpty());
    if (!complete && clock().instant().isAfter(due.plus(config.warnAfter()))) {
      LOG.warn(
          "account {} was deleted at {} and still has containers: {}",
          account.account(),
          account.deleted().toInstant(),
          progress().status().lastError().orElse("devices do not answer"));
    }
  }

  private static Headers shownDeleted() {
    return Headers.of(BackendHeaders.SHOW_DELETED, "true");
  }

  private enum Says {
    DELETED,
    EXISTS,
    /// It does not answer, or does not know the account.
    NOTHING
  }

  /// Whether no primary before this one answers and has the account as deleted, a majority has it
  /// as deleted, and none as existing.
  private boolean isForUs(Place place, int self) throws ReplicaFault {
    int deleted = 0;
    for (int i = 0; i < place.primaries().size(); i++) {
      Says says = ask(place.primaries().get(i), place);
      if (says == Says.EXISTS || (says == Says.DELETED && i < self)) {
        return false;
      }
      deleted += says == Says.DELETED ? 1 : 0;
    }
    if (deleted < place.majority()) {
      progress().left();
      return false;
    }
    return true;
  }

  private Says ask(RingDevice device, Place place) throws ReplicaFault {
    try {
      Reply reply = backends.ask(device, place, "HEAD", new Headers());
      if (reply.isSuccess()) {
        return Says.EXISTS;
      }
      boolean marked = reply.headers().getOr("X-Account-Status", "").equals("Deleted");
      return reply.status() == 404 && marked ? Says.DELETED : Says.NOTHING;
    } catch (ReplicaFault e) {
      if (e.kind() == ReplicaFault.Kind.STOPPED) {
        throw e;
      }
      return Says.NOTHING;
    }
  }

  /// Deletes what any replica of the container lists, then the container.
  ///
  /// @return whether nothing is left
  private boolean reapContainer(ObjectPath path) throws ReplicaFault {
    Place place = backends.place(path);
    boolean complete = true;
    for (RingDevice device : place.primaries()) {
      for (int policy : backends.rings().policies()) {
        try {
          complete &= reapObjects(device, place, policy);
        } catch (ReplicaFault e) {
          progress().failed(path.toString(), e);
          complete = false;
        }
      }
    }
    if (complete) {
      Timestamp now = Timestamp.of(clock().instant());
      Deletion.Result result = deletion.send(place, new Headers(), now);
      complete = result.gone() >= place.majority() && result.conflicts() == 0;
    }
    if (complete) {
      progress().done();
    } else {
      progress().left();
    }
    return complete;
  }

  private boolean reapObjects(RingDevice device, Place place, int policy) throws ReplicaFault {
    AtomicBoolean complete = new AtomicBoolean(true);
    String marker = "";
    List<String> names;
    do {
      names = listings.page(device, place, marker, Backends.ofPolicy(policy));
      workers.each(
          names,
          name -> {
            if (!reapObject(place.path(), name, policy)) {
              complete.set(false);
            }
          });
      marker = names.isEmpty() ? marker : names.getLast();
    } while (!names.isEmpty());
    return complete.get();
  }

  private boolean reapObject(ObjectPath container, String name, int policy) {
    ObjectPath path =
        ObjectPath.object(container.account(), String.valueOf(container.container()), name);
    try {
      Place place = backends.place(path, policy);
      Timestamp now = Timestamp.of(clock().instant());
      if (deletion.outbid(place, Backends.ofPolicy(policy), now)) {
        return true;
      }
      progress()
          .failed(
              path.toString(),
              new ReplicaFault(ReplicaFault.Kind.UNAVAILABLE, "no majority has it deleted"));
    } catch (ReplicaFault e) {
      progress().failed(path.toString(), e);
    }
    return false;
  }
}
