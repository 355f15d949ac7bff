package org.martlet.containerserver.server;

import java.math.BigInteger;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.ContainerStat;
import org.martlet.common.protocol.Incarnation;
import org.martlet.common.protocol.RowsClock;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.containerserver.listing.Accounts;
import org.martlet.containerserver.listing.ListingFault;
import org.martlet.containerserver.listing.ListingId;
import org.martlet.containerserver.listing.ListingInfo;
import org.martlet.containerserver.listing.ListingOutcome;
import org.martlet.containerserver.listing.ListingPage;
import org.martlet.containerserver.listing.ListingQuery;
import org.martlet.containerserver.listing.ListingState;
import org.martlet.containerserver.listing.Totals;

/// The verbs of the account service.
///
/// - Source: `docs/http-api.md` §1.3, Swift's account server.
final class AccountVerbs implements Verbs {
  private static final Set<String> METHODS = Set.of("PUT", "POST", "DELETE", "HEAD", "GET");
  private static final String STATUS = "X-Account-Status";

  private final PathHasher hasher;
  private final StoragePolicies policies;
  private final InstantSource clock;
  private final int listingLimit;
  private final ListingMemory memory;
  private final Batches<UpdateBatch.StatUpdate, Accounts.Stats> batches;

  AccountVerbs(
      PathHasher hasher,
      StoragePolicies policies,
      InstantSource clock,
      int listingLimit,
      ListingMemory memory) {
    this.hasher = hasher;
    this.policies = policies;
    this.clock = clock;
    this.listingLimit = listingLimit;
    this.memory = memory;
    this.batches = new Batches<>(new StatBatches(hasher));
  }

  @Override
  public Set<String> methods() {
    return METHODS;
  }

  @Override
  public CompletableFuture<Response> answer(Call call) throws ListingFault {
    ObjectPath path = call.path();
    if (path.object() != null) {
      throw new Refused(400, "Invalid path: an account has no objects");
    }
    if (path.container() != null) {
      if (!call.method().equals("PUT")) {
        throw new Refused(400, "Invalid path: a container can only be PUT");
      }
      return putRow(call);
    }
    ListingId id = ListingId.of(path, hasher);
    return switch (call.method()) {
      case "PUT" -> put(call, id);
      case "POST" -> post(call, id);
      case "DELETE" -> delete(call, id);
      case "HEAD" -> CompletableFuture.completedFuture(head(call, id));
      default -> CompletableFuture.completedFuture(get(call, id));
    };
  }

  private static Accounts accounts(Call call) {
    return call.device().online().accounts();
  }

  private CompletableFuture<Response> put(Call call, ListingId id) {
    call.device().checkSpace();
    return accounts(call)
        .put(id, call.fields().metadata("account", Set.of()))
        .thenApply(AccountVerbs::answer);
  }

  private CompletableFuture<Response> post(Call call, ListingId id) {
    call.device().checkSpace();
    return accounts(call)
        .post(id, call.fields().metadata("account", Set.of()))
        .thenApply(
            outcome ->
                outcome instanceof ListingOutcome.Updated ? Response.empty(204) : answer(outcome));
  }

  private CompletableFuture<Response> delete(Call call, ListingId id) {
    call.device().checkSpaceToDelete();
    return accounts(call).delete(id, call.fields().timestamp()).thenApply(AccountVerbs::answer);
  }

  private static Response answer(ListingOutcome outcome) {
    return switch (outcome) {
      case ListingOutcome.Created created -> Response.empty(201);
      case ListingOutcome.Updated updated -> Response.empty(202);
      case ListingOutcome.Deleted deleted -> Response.empty(204, deletedStatus(true));
      case ListingOutcome.Missing missing ->
          throw Answers.notFound(deletedStatus(missing.deleted()));
      case ListingOutcome.RecentlyDeleted deleted ->
          throw new Refused(403, "Recently deleted", deletedStatus(true));
      case ListingOutcome.TooMuchMetadata much -> throw new Refused(400, much.why());
      case ListingOutcome.Superseded superseded -> throw Answers.conflict(new Headers());
      case ListingOutcome.NotEmpty notEmpty -> throw Answers.conflict(new Headers());
      case ListingOutcome.WrongPolicy wrong -> throw Answers.conflict(new Headers());
    };
  }

  private static Headers deletedStatus(boolean deleted) {
    return deleted ? Headers.of(STATUS, "Deleted") : new Headers();
  }

  private Response head(Call call, ListingId id) throws ListingFault {
    ListingFormat format = call.format();
    Headers headers = shown(call, accounts(call).state(id));
    return Response.empty(204, headers.set("Content-Type", format.contentType()));
  }

  private Response get(Call call, ListingId id) throws ListingFault {
    ListingFormat format = call.format();
    ListingQuery query =
        call.query()
            .listing(listingLimit, false, call.fields().allowsReservedNames(), OptionalInt.empty());
    try (ListingMemory.Share share = memory.share()) {
      ListingPage<ContainerStat> page = accounts(call).list(id, query, share);
      Headers headers = shown(call, page.state());
      String name = id.path().account();
      return Answers.listing(
          format, headers, ListingWriter.containers(format, name, page.entries()), share);
    }
  }

  /// The headers of an account that is there, or was deleted where a deleted one may be seen.
  ///
  /// @throws Refused 404 if it is not
  private Headers shown(Call call, ListingState state) {
    @Nullable ListingInfo info = state.info();
    boolean deletedToo = call.fields().isTrue(BackendHeaders.SHOW_DELETED);
    if (info == null || !(state.exists() || deletedToo)) {
      throw Answers.notFound(deletedStatus(info != null));
    }
    Headers headers = deletedStatus(!state.exists());
    if (!state.exists()) {
      headers.set("X-Backend-DELETE-Timestamp", info.deleted().internal());
    }
    counts("X-Account-", state.totals().all(), headers);
    headers.set("X-Timestamp", info.created().normal());
    headers.set("X-PUT-Timestamp", info.put().normal());
    state
        .totals()
        .byPolicy()
        .forEach(
            (index, counts) ->
                policies
                    .find(index)
                    .ifPresent(
                        policy ->
                            counts(
                                "X-Account-Storage-Policy-" + policy.name() + "-",
                                counts,
                                headers)));
    Answers.addMetadata(info, headers);
    return headers;
  }

  private static void counts(String prefix, Totals.OfPolicy counts, Headers headers) {
    headers.set(prefix + "Container-Count", counts.rows());
    headers.set(prefix + "Object-Count", counts.objects());
    headers.set(prefix + "Bytes-Used", counts.bytes());
  }

  private CompletableFuture<Response> putRow(Call call) {
    RequestFields fields = call.fields();
    ObjectPath path = call.path();
    ContainerStat stat = stat(String.valueOf(path.container()), fields);
    if (stat.deleted().isAfter(stat.put())) {
      call.device().checkSpaceToDelete();
    } else {
      call.device().checkSpace();
    }
    Accounts.Stats update =
        new Accounts.Stats(
            ListingId.of(ObjectPath.account(path.account()), hasher),
            List.of(stat),
            path.account().startsWith("."),
            fields.isTrue("X-Account-Override-Deleted"));
    return accounts(call)
        .merge(List.of(update))
        .thenApply(
            known -> {
              if (!known.getFirst()) {
                throw Answers.notFound(new Headers());
              }
              return Response.empty(stat.deleted().isAfter(stat.put()) ? 204 : 201);
            });
  }

  private ContainerStat stat(String name, RequestFields fields) {
    int policy = fields.policy(BackendHeaders.POLICY_INDEX, policies).orElse(0);
    Timestamp put = fields.timestamp("X-Put-Timestamp");
    Timestamp counted = fields.timestampOr(BackendHeaders.TIMESTAMP, Timestamp.of(clock.instant()));
    SortedMap<Integer, ContainerStat.Usage> usage = new TreeMap<>();
    usage.put(
        policy,
        new ContainerStat.Usage(fields.number("X-Object-Count"), fields.number("X-Bytes-Used")));
    return new ContainerStat(
        name,
        put,
        fields.timestamp("X-Delete-Timestamp"),
        new Incarnation(Timestamp.ZERO, put, policy),
        new RowsClock(counted, BigInteger.ZERO),
        usage);
  }

  @Override
  public CompletableFuture<Response> update(ListingDevice device, byte[] batch) {
    return batches.take(device, batch);
  }
}
