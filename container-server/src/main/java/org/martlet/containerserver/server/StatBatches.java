package org.martlet.containerserver.server;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.common.protocol.UpdateBatch.StatUpdate;
import org.martlet.containerserver.listing.Accounts;
import org.martlet.containerserver.listing.EntryChecks;
import org.martlet.containerserver.listing.ListingId;

/// Batches of containers' statistics for accounts.
final class StatBatches implements Batches.Service<StatUpdate, Accounts.Stats> {
  private final PathHasher hasher;

  StatBatches(PathHasher hasher) {
    this.hasher = hasher;
  }

  @Override
  public List<StatUpdate> decode(byte[] batch) {
    return UpdateBatch.decodeStats(batch);
  }

  @Override
  public ObjectPath listing(StatUpdate update) {
    return update.account();
  }

  @Override
  public void check(StatUpdate update) {
    update.stats().forEach(stat -> EntryChecks.check(update.account(), stat));
  }

  @Override
  public int size(StatUpdate update) {
    return update.stats().size();
  }

  @Override
  public StatUpdate deletions(StatUpdate update) {
    return new StatUpdate(
        update.account(),
        update.stats().stream().filter(stat -> stat.deleted().isAfter(stat.put())).toList());
  }

  @Override
  public Accounts.Stats change(StatUpdate update) {
    boolean create = update.account().account().startsWith(".");
    return new Accounts.Stats(
        ListingId.of(update.account(), hasher), update.stats(), create, false);
  }

  @Override
  public CompletableFuture<List<Boolean>> merge(
      DeviceState.Online device, List<Accounts.Stats> changes) {
    return device.accounts().merge(changes);
  }
}
