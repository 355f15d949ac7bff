package org.martlet.containerserver.server;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.protocol.UpdateBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes batches of updates into a device's listings, the same way for both services.
///
/// The answer has a status for each update: 201 it is stored, 404 its listing is not here, 400 it
/// cannot be stored, 507 the device has no space for it. Below the reserve deletions are stored
/// still, also those in an update that is answered 507 for the rest of it.
///
/// @param <U> an update as the batch has it
/// @param <C> a change as the listings take it
final class Batches<U, C> {
  private static final Logger log = LoggerFactory.getLogger(Batches.class);

  private final Service<U, C> service;

  /// What differs between the services.
  interface Service<U, C> {
    /// @throws IllegalArgumentException if it is no such batch
    List<U> decode(byte[] batch);

    ObjectPath listing(U update);

    /// @throws IllegalArgumentException if the update cannot be stored
    void check(U update);

    /// Entries of the update.
    int size(U update);

    /// Those entries of the update that delete.
    U deletions(U update);

    C change(U update);

    /// @return for each whether there is such a listing
    CompletableFuture<List<Boolean>> merge(DeviceState.Online device, List<C> changes);
  }

  private enum Part {
    /// It cannot be stored.
    BAD,
    /// No entry is taken.
    NONE,
    /// Some entries are taken.
    SOME,
    ALL
  }

  Batches(Service<U, C> service) {
    this.service = service;
  }

  /// @throws Refused 400 if it is no batch, 507 if the device takes nothing at all
  CompletableFuture<Response> take(ListingDevice device, byte[] batch) {
    device.checkSpaceToDelete();
    boolean ample = device.hasSpace();
    List<Part> parts = new ArrayList<>();
    List<C> changes = new ArrayList<>();
    for (U update : decode(batch)) {
      Part part = part(update, ample);
      parts.add(part);
      if (part == Part.ALL) {
        changes.add(service.change(update));
      } else if (part == Part.SOME) {
        changes.add(service.change(service.deletions(update)));
      }
    }
    return service
        .merge(device.online(), changes)
        .thenApply(known -> answer(statuses(parts, known)));
  }

  private List<U> decode(byte[] batch) {
    try {
      return service.decode(batch);
    } catch (IllegalArgumentException e) {
      throw new Refused(400, String.valueOf(e.getMessage()));
    }
  }

  private Part part(U update, boolean ample) {
    try {
      service.check(update);
    } catch (IllegalArgumentException e) {
      log.warn("an update of {} cannot be stored: {}", service.listing(update), e.getMessage());
      return Part.BAD;
    }
    int deletions = ample ? 0 : service.size(service.deletions(update));
    if (ample || deletions == service.size(update)) {
      return Part.ALL;
    }
    return deletions == 0 ? Part.NONE : Part.SOME;
  }

  /// @param known whether there is a listing for each update of which something was taken
  private static List<Integer> statuses(List<Part> parts, List<Boolean> known) {
    List<Integer> statuses = new ArrayList<>(parts.size());
    Iterator<Boolean> found = known.iterator();
    for (Part part : parts) {
      statuses.add(
          switch (part) {
            case BAD -> 400;
            case NONE -> 507;
            case SOME -> found.next() ? 507 : 404;
            case ALL -> found.next() ? 201 : 404;
          });
    }
    return statuses;
  }

  private static Response answer(List<Integer> statuses) {
    return new Response(
        200,
        Headers.of("Content-Type", ListingFormat.JSON.contentType()),
        Body.of(UpdateBatch.encodeResults(statuses)));
  }
}
