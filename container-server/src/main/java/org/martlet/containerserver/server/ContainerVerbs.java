package org.martlet.containerserver.server;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpDate;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.containerserver.listing.Containers;
import org.martlet.containerserver.listing.ListingFault;
import org.martlet.containerserver.listing.ListingId;
import org.martlet.containerserver.listing.ListingInfo;
import org.martlet.containerserver.listing.ListingOutcome;
import org.martlet.containerserver.listing.ListingPage;
import org.martlet.containerserver.listing.ListingQuery;
import org.martlet.containerserver.listing.ListingState;
import org.martlet.containerserver.listing.MetadataUpdate;
import org.martlet.containerserver.listing.Totals;

/// The verbs of the container service.
///
/// - Source: `docs/http-api.md` §1.3, Swift's container server.
final class ContainerVerbs implements Verbs {
  private static final Set<String> METHODS = Set.of("PUT", "POST", "DELETE", "HEAD", "GET");
  private static final Set<String> KEPT =
      Set.of(
          "x-container-read", "x-container-write", "x-container-sync-key", "x-container-sync-to");
  private static final String AUTO_CREATE = "X-Backend-Auto-Create";
  private static final String NO_TIMESTAMP_UPDATE = "X-Backend-No-Timestamp-Update";
  private static final String RECORD_TYPE = "X-Backend-Record-Type";

  private final PathHasher hasher;
  private final StoragePolicies policies;
  private final AccountReporter reporter;
  private final int listingLimit;
  private final ListingMemory memory;
  private final Batches<UpdateBatch.RowUpdate, Containers.Rows> batches;

  ContainerVerbs(
      PathHasher hasher,
      StoragePolicies policies,
      AccountReporter reporter,
      int listingLimit,
      ListingMemory memory) {
    this.hasher = hasher;
    this.policies = policies;
    this.reporter = reporter;
    this.listingLimit = listingLimit;
    this.memory = memory;
    this.batches = new Batches<>(new RowBatches(hasher));
  }

  @Override
  public Set<String> methods() {
    return METHODS;
  }

  @Override
  public CompletableFuture<Response> answer(Call call) throws ListingFault {
    ObjectPath path = call.path();
    if (path.container() == null) {
      throw new Refused(400, "Invalid path: no container");
    }
    if (path.object() != null) {
      return switch (call.method()) {
        case "PUT", "DELETE" -> putRow(call);
        default -> throw new Refused(400, "Invalid path: an object can only be PUT or DELETEd");
      };
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

  private static Containers containers(Call call) {
    return call.device().online().containers();
  }

  private CompletableFuture<Response> put(Call call, ListingId id) {
    call.device().checkSpace();
    RequestFields fields = call.fields();
    OptionalInt asked = fields.policy(BackendHeaders.POLICY_INDEX, policies);
    int otherwise =
        fields.policy(BackendHeaders.POLICY_DEFAULT, policies).orElse(policies.byDefault().index());
    MetadataUpdate metadata = fields.metadata("container", KEPT);
    return containers(call)
        .put(id, asked, otherwise, metadata)
        .thenCompose(outcome -> reported(call, id, outcome, putAnswer(outcome)));
  }

  private static Response putAnswer(ListingOutcome outcome) {
    return switch (outcome) {
      case ListingOutcome.Created created -> Response.empty(201, policyHeader(created.policy()));
      case ListingOutcome.Updated updated -> Response.empty(202, policyHeader(updated.policy()));
      default -> throw refusal(outcome);
    };
  }

  private static Headers policyHeader(int policy) {
    return Headers.of(BackendHeaders.POLICY_INDEX, Integer.toString(policy));
  }

  /// Tells the account first, within its time; the answer is 404 if there is no such account.
  private CompletableFuture<Response> reported(
      Call call, ListingId id, ListingOutcome outcome, Response answer) {
    if (outcome instanceof ListingOutcome.Updated) {
      return CompletableFuture.completedFuture(answer);
    }
    return reporter
        .reportNow(call.device(), id)
        .thenApply(
            result -> {
              if (result == AccountReporter.Result.NO_ACCOUNT) {
                throw Answers.notFound(new Headers());
              }
              return answer;
            });
  }

  private CompletableFuture<Response> post(Call call, ListingId id) {
    call.device().checkSpace();
    RequestFields fields = call.fields();
    MetadataUpdate metadata = fields.metadata("container", KEPT);
    return containers(call)
        .post(id, metadata, !fields.isTrue(NO_TIMESTAMP_UPDATE))
        .thenApply(
            outcome -> {
              if (outcome instanceof ListingOutcome.Updated) {
                return Response.empty(204);
              }
              throw refusal(outcome);
            });
  }

  private CompletableFuture<Response> delete(Call call, ListingId id) {
    call.device().checkSpaceToDelete();
    return containers(call)
        .delete(id, call.fields().timestamp())
        .thenCompose(
            outcome -> {
              if (outcome instanceof ListingOutcome.Deleted deleted) {
                Response answer = deleted.existed() ? Response.empty(204) : notFoundResponse();
                return reported(call, id, outcome, answer);
              }
              throw refusal(outcome);
            });
  }

  private static Response notFoundResponse() {
    return Answers.notFound(new Headers()).response(true);
  }

  private static Refused refusal(ListingOutcome outcome) {
    return switch (outcome) {
      case ListingOutcome.TooMuchMetadata much -> new Refused(400, much.why());
      case ListingOutcome.Missing missing -> Answers.notFound(new Headers());
      case ListingOutcome.NotEmpty notEmpty -> Answers.conflict(new Headers());
      case ListingOutcome.Superseded superseded -> Answers.conflict(new Headers());
      case ListingOutcome.WrongPolicy wrong -> Answers.conflict(policyHeader(wrong.policy()));
      case ListingOutcome.RecentlyDeleted deleted -> new Refused(403, "Recently deleted");
      case ListingOutcome.Created created -> throw unexpected(outcome);
      case ListingOutcome.Updated updated -> throw unexpected(outcome);
      case ListingOutcome.Deleted deleted -> throw unexpected(outcome);
    };
  }

  private static IllegalStateException unexpected(ListingOutcome outcome) {
    return new IllegalStateException("not a refusal: " + outcome);
  }

  private Response head(Call call, ListingId id) throws ListingFault {
    ListingFormat format = call.format();
    ListingState state = containers(call).state(id);
    Headers headers = existing(state);
    return Response.empty(204, headers.set("Content-Type", format.contentType()));
  }

  private Response get(Call call, ListingId id) throws ListingFault {
    RequestFields fields = call.fields();
    ListingFormat format = call.format();
    OptionalInt policy = fields.policy(BackendHeaders.POLICY_INDEX, policies);
    ListingQuery query =
        call.query().listing(listingLimit, true, fields.allowsReservedNames(), policy);
    if ("shard".equalsIgnoreCase(fields.get(RECORD_TYPE))) {
      return noShards(existing(containers(call).state(id)));
    }
    try (ListingMemory.Share share = memory.share()) {
      ListingPage<ListingRow> page = containers(call).list(id, query, share);
      Headers headers = existing(page.state());
      headers.set(RECORD_TYPE, "object");
      headers.set(
          "X-Backend-Record-Storage-Policy-Index",
          policy.isPresent()
              ? Integer.toString(policy.getAsInt())
              : headers.getOr(BackendHeaders.POLICY_INDEX, "0"));
      String name = String.valueOf(id.path().container());
      return Answers.listing(
          format, headers, ListingWriter.objects(format, name, page.entries()), share);
    }
  }

  /// Containers are never sharded here: the list of shard ranges that Swift's proxy may ask for is
  /// empty.
  private static Response noShards(Headers headers) {
    headers.set(RECORD_TYPE, "shard");
    headers.set("Content-Type", ListingFormat.JSON.contentType());
    return new Response(200, headers, Body.of("[]".getBytes(StandardCharsets.US_ASCII)));
  }

  /// The headers of a container that is there.
  ///
  /// @throws Refused 404, with the clocks, if it is not
  private static Headers existing(ListingState state) {
    @Nullable ListingInfo info = state.info();
    if (info == null || !state.exists()) {
      throw Answers.notFound(clocks(info, state.totals()));
    }
    Headers headers = clocks(info, state.totals());
    Totals.OfPolicy counts = state.totals().of(info.policy());
    headers.set("X-Container-Object-Count", counts.objects());
    headers.set("X-Container-Bytes-Used", counts.bytes());
    headers.set("X-Timestamp", info.created().normal());
    headers.set("X-PUT-Timestamp", info.put().normal());
    headers.set("X-Backend-Sharding-State", "unsharded");
    headers.set("Last-Modified", HttpDate.format(info.put().secondsRoundedUp()));
    Answers.addMetadata(info, headers);
    return headers;
  }

  private static Headers clocks(@Nullable ListingInfo info, Totals totals) {
    Timestamp created = info == null ? Timestamp.ZERO : info.created();
    Timestamp put = info == null ? Timestamp.ZERO : info.put();
    Timestamp deleted = info == null ? Timestamp.ZERO : info.deleted();
    Timestamp changed = info == null ? Timestamp.ZERO : info.statusChanged(totals);
    return Headers.of(
            BackendHeaders.STORED_TIMESTAMP,
            created.internal(),
            "X-Backend-PUT-Timestamp",
            put.internal(),
            "X-Backend-DELETE-Timestamp",
            deleted.internal(),
            "X-Backend-Status-Changed-At",
            changed.internal())
        .set(BackendHeaders.POLICY_INDEX, info == null ? 0 : info.policy());
  }

  private CompletableFuture<Response> putRow(Call call) {
    boolean deleted = call.method().equals("DELETE");
    if (deleted) {
      call.device().checkSpaceToDelete();
    } else {
      call.device().checkSpace();
    }
    RequestFields fields = call.fields();
    int policy = fields.policy(BackendHeaders.POLICY_INDEX, policies).orElse(0);
    ListingRow row = row(call.path(), fields, deleted, policy);
    ObjectPath container = containerOf(call.path());
    OptionalInt create =
        autoCreates(container.account(), fields.get(AUTO_CREATE))
            ? OptionalInt.of(policy)
            : OptionalInt.empty();
    Containers.Rows rows =
        new Containers.Rows(ListingId.of(container, hasher), List.of(row), create);
    return containers(call)
        .merge(List.of(rows))
        .thenApply(
            known -> {
              if (!known.getFirst()) {
                throw Answers.notFound(new Headers());
              }
              return Response.empty(deleted ? 204 : 201);
            });
  }

  private static ObjectPath containerOf(ObjectPath path) {
    return new ObjectPath(path.account(), path.container(), null);
  }

  private static ListingRow row(
      ObjectPath path, RequestFields fields, boolean deleted, int policy) {
    String name = String.valueOf(path.object());
    Timestamp data = fields.timestamp();
    if (deleted) {
      return new ListingRow(name, data, data, data, true, 0, "", "", policy);
    }
    Timestamp type = fields.timestampOr("X-Content-Type-Timestamp", data);
    Timestamp metadata = fields.timestampOr("X-Meta-Timestamp", type);
    return new ListingRow(
        name,
        data,
        type,
        metadata,
        false,
        fields.number("X-Size"),
        fields.text("X-Etag"),
        fields.text("X-Content-Type"),
        policy);
  }

  /// Swift's rule: an explicit wish counts, else accounts that begin with a dot, but not those that
  /// hold shards.
  static boolean autoCreates(String account, @Nullable String wish) {
    if (wish != null && !wish.isEmpty()) {
      return Query.isTrue(wish);
    }
    return account.startsWith(".") && !account.startsWith(".shards_");
  }

  @Override
  public CompletableFuture<Response> update(ListingDevice device, byte[] batch) {
    return batches.take(device, batch);
  }
}
