package org.martlet.objectserver.outbox;

import java.util.concurrent.CompletableFuture;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ListingRow;
import org.martlet.objectserver.state.ObjectRecord;
import org.martlet.objectserver.store.DueMark;

/// A row on its way to a container device.
///
/// @param mark what is cleared when it has arrived
/// @param age the newest clock of the row
/// @param origin the transaction id of the request that made the change; empty if it is not known
/// @param done completes, always normally, with what became of it
record Delivery(
    OutboxDevice device,
    DueMark mark,
    ObjectPath container,
    ListingRow row,
    Timestamp age,
    String origin,
    CompletableFuture<Outcome> done) {
  /// What became of a row.
  enum Outcome {
    /// On stable storage at the container device.
    DELIVERED,
    /// The container device has no such container.
    UNKNOWN_CONTAINER,
    /// The container device does not accept this row.
    REJECTED,
    /// The request failed, or was not made.
    FAILED
  }

  static Delivery of(OutboxDevice device, DueMark mark, ObjectRecord record, String origin) {
    return new Delivery(
        device,
        mark,
        ListingRows.container(record),
        ListingRows.row(record),
        record.state().clocks().newest(),
        origin,
        new CompletableFuture<>());
  }

  /// An upper bound of its bytes in a request, all characters escaped.
  int weight() {
    ObjectPath path = container;
    int characters =
        path.toString().length()
            + row.name().length()
            + row.etag().length()
            + row.contentType().length();
    return 6 * characters + 512;
  }
}
