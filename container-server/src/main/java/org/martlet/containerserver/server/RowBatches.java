package org.martlet.containerserver.server;

import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.common.protocol.UpdateBatch.RowUpdate;
import org.martlet.containerserver.listing.Containers;
import org.martlet.containerserver.listing.EntryChecks;
import org.martlet.containerserver.listing.ListingId;

/// Batches of rows for containers.
final class RowBatches implements Batches.Service<RowUpdate, Containers.Rows> {
  private final PathHasher hasher;

  RowBatches(PathHasher hasher) {
    this.hasher = hasher;
  }

  @Override
  public List<RowUpdate> decode(byte[] batch) {
    return UpdateBatch.decodeRows(batch);
  }

  @Override
  public ObjectPath listing(RowUpdate update) {
    return update.container();
  }

  @Override
  public void check(RowUpdate update) {
    update.rows().forEach(row -> EntryChecks.check(update.container(), row));
  }

  @Override
  public int size(RowUpdate update) {
    return update.rows().size();
  }

  @Override
  public RowUpdate deletions(RowUpdate update) {
    return new RowUpdate(
        update.container(), update.rows().stream().filter(ListingRow::deleted).toList());
  }

  @Override
  public Containers.Rows change(RowUpdate update) {
    ObjectPath container = update.container();
    OptionalInt create =
        ContainerVerbs.autoCreates(container.account(), null) && !update.rows().isEmpty()
            ? OptionalInt.of(update.rows().getFirst().policy())
            : OptionalInt.empty();
    return new Containers.Rows(ListingId.of(container, hasher), update.rows(), create);
  }

  @Override
  public CompletableFuture<List<Boolean>> merge(
      DeviceState.Online device, List<Containers.Rows> changes) {
    return device.containers().merge(changes);
  }
}
