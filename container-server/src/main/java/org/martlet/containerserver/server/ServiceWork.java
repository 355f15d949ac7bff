package org.martlet.containerserver.server;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.containerserver.listing.ListingFault;
import org.martlet.containerserver.listing.ListingInfo;
import org.martlet.containerserver.listing.ListingKind;
import org.martlet.containerserver.listing.ListingWork;
import org.martlet.containerserver.listing.MisplacedMark;
import org.martlet.containerserver.listing.MisplacedRows;

/// `/<device>/replication/…` as far as it is for background services: the reconciler of storage
/// policies, the reaper of accounts.
///
/// - Source: `docs/http-api.md` §1.4.
final class ServiceWork {
  private static final ObjectHash FIRST = new ObjectHash(0, 0);
  private static final int LIMIT = 1_000;
  private static final String NEXT_ROW = "X-Backend-Next-Row";

  private final ListingKind kind;

  ServiceWork(ListingKind kind) {
    this.kind = kind;
  }

  CompletableFuture<Response> handle(
      Request request, ListingDevice device, String what, ReplicationQuery query) {
    boolean containers = kind == ListingKind.CONTAINER;
    return switch (request.method() + " " + what + (containers ? "" : " of accounts")) {
      case "GET misplaced" -> device.background().call(() -> misplaced(device, query));
      case "GET misplaced-rows" -> device.background().call(() -> misplacedRows(device, query));
      case "POST misplaced" -> device.background().callAsync(() -> settle(device, query));
      case "GET deleted of accounts" ->
          device.background().call(() -> deletedAccounts(device, query));
      default -> throw notAllowed(what);
    };
  }

  private Refused notAllowed(String what) {
    boolean containers = kind == ListingKind.CONTAINER;
    @Nullable String methods =
        switch (what) {
          case "roots", "rows" -> "GET, POST";
          case "leaves", "listings", "listing" -> "GET";
          case "merge", "drop", "reclaim", "in-touch" -> "POST";
          case "misplaced" -> containers ? "GET, POST" : null;
          case "misplaced-rows" -> containers ? "GET" : null;
          case "deleted" -> containers ? null : "GET";
          default -> null;
        };
    return methods == null
        ? new Refused(404, "Replicas have no word " + what)
        : new Refused(405, "The method is not allowed here", Headers.of("Allow", methods));
  }

  private static ListingWork work(ListingDevice device) {
    return device.online().work();
  }

  private static int limit(ReplicationQuery query) {
    return (int) Math.max(1, query.number("limit", LIMIT, LIMIT));
  }

  private static Response misplaced(ListingDevice device, ReplicationQuery query)
      throws ListingFault {
    int limit = limit(query);
    List<MisplacedMark> found = work(device).misplaced(query.hashOr("from", FIRST), limit + 1);
    List<MisplacedMark> page = found.subList(0, Math.min(limit, found.size()));
    return PeerAnswers.json(
        out -> {
          out.writeArrayPropertyStart("containers");
          for (MisplacedMark mark : page) {
            out.writeStartObject();
            out.writeStringProperty("hash", mark.hash().toString());
            out.writeStringProperty("account", mark.container().account());
            out.writeStringProperty("container", String.valueOf(mark.container().container()));
            out.writeStringProperty("changed", mark.changed().internal());
            out.writeEndObject();
          }
          out.writeEndArray();
          if (found.size() > limit) {
            out.writeStringProperty("next", found.get(limit).hash().toString());
          }
        });
  }

  /// One update of [UpdateBatch], so that rows have one form in JSON.
  private static Response misplacedRows(ListingDevice device, ReplicationQuery query)
      throws ListingFault {
    MisplacedRows.Position from =
        new MisplacedRows.Position(query.isTrue("deleted"), query.rowName("after"));
    Optional<MisplacedRows.Page> found =
        work(device).misplacedRows(query.hash("hash"), from, limit(query), ReplicationHandler.SCAN);
    if (found.isEmpty()) {
      return Response.empty(204);
    }
    ListingInfo container = found.get().container();
    Headers headers =
        Headers.of("Content-Type", ListingFormat.JSON.contentType())
            .set("X-Backend-Storage-Policy-Index", container.policy());
    found
        .get()
        .next()
        .ifPresent(
            next ->
                headers.set(
                    NEXT_ROW,
                    "deleted=" + next.deleted() + "&after=" + PercentCoding.encode(next.after())));
    byte[] rows =
        UpdateBatch.encodeRows(
            List.of(new UpdateBatch.RowUpdate(container.path(), found.get().rows())));
    return new Response(200, headers, Body.of(rows));
  }

  private static CompletableFuture<Response> settle(ListingDevice device, ReplicationQuery query) {
    return work(device)
        .settleMisplaced(query.hash("hash"), query.timestamp("changed"))
        .thenApply(settled -> Response.empty(204));
  }

  private static Response deletedAccounts(ListingDevice device, ReplicationQuery query)
      throws ListingFault {
    ListingWork.DeletedAccounts found =
        work(device)
            .deletedAccounts(query.hashOr("from", FIRST), limit(query), ReplicationHandler.SCAN);
    return PeerAnswers.json(
        out -> {
          out.writeArrayPropertyStart("accounts");
          for (ListingWork.DeletedAccount account : found.accounts()) {
            out.writeStartObject();
            out.writeStringProperty("hash", account.id().hash().toString());
            out.writeStringProperty("account", account.id().path().account());
            out.writeStringProperty("deleted", account.deleted().internal());
            out.writeNumberProperty("containers", account.containers());
            out.writeEndObject();
          }
          out.writeEndArray();
          found.next().ifPresent(next -> out.writeStringProperty("next", next.toString()));
        });
  }
}
