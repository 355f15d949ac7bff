package org.martlet.objectserver.server;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;

/// `/<device>/replication/…`: what replicas say to each other, `docs/http-api.md` §1.4.
final class ReplicationHandler {
  private static final String PREFIX = "/replication/";

  private final DigestExchange digests;
  private final RecordReads reads;
  private final RecordMerger merger;
  private final BatchMerge merges;
  private final ForgetHandler forgets;
  private final RepairHandler repairs;
  private final ExpiringHandler expiring;
  private final PassHandler passes;
  private final Incoming incoming;

  ReplicationHandler(
      DigestExchange digests,
      RecordReads reads,
      RecordMerger merger,
      ForgetHandler forgets,
      DeviceQueries queries,
      Incoming incoming) {
    this.digests = digests;
    this.reads = reads;
    this.merger = merger;
    this.merges = new BatchMerge(merger, incoming.budget(), incoming.buffers());
    this.forgets = forgets;
    this.repairs = queries.repairs();
    this.expiring = queries.expiring();
    this.passes = queries.passes();
    this.incoming = incoming;
  }

  /// What concerns a device as a whole.
  record DeviceQueries(RepairHandler repairs, ExpiringHandler expiring, PassHandler passes) {}

  /// Memory for what comes.
  record Incoming(BodyBudget budget, ReadBuffers buffers) {}

  /// A path of this handler's.
  ///
  /// @param device the device's name
  /// @param what is asked for
  record Target(String device, String what) {
    /// @return null if it is somebody else's
    static @Nullable Target of(String path) {
      int end = path.indexOf('/', 1);
      boolean ours =
          end > 0 && path.startsWith(PREFIX, end) && path.indexOf('/', end + PREFIX.length()) < 0;
      return ours
          ? new Target(path.substring(1, end), path.substring(end + PREFIX.length()))
          : null;
    }
  }

  /// Knows the storage policies.
  interface PolicyCheck {
    /// @throws Refused 503 if there is none of this index
    int check(String index);
  }

  CompletableFuture<Response> handle(
      Request request, Device device, String what, PolicyCheck policies) {
    ReplicationQuery query = new ReplicationQuery(request.rawQuery());
    String asked = request.method() + " " + what;
    return switch (asked) {
      case "GET repairs" -> repairs.list(device, query);
      case "GET expiring" -> expiring.list(device, query);
      case "POST in-touch" -> passes.inTouch(device);
      default -> {
        String index = query.text("policy");
        int policy = policies.check(index == null ? "0" : index);
        yield ofPolicy(asked, request.body(), device, policy, query, what);
      }
    };
  }

  private CompletableFuture<Response> ofPolicy(
      String asked, Body body, Device device, int policy, ReplicationQuery query, String what) {
    return switch (asked) {
      case "GET roots" -> digests.roots(device, policy, query);
      case "POST roots" -> digests.differing(device, policy, query, body);
      case "GET leaves" -> digests.leaves(device, policy, query);
      case "GET records" -> reads.records(device, policy, query);
      case "POST fetch" -> reads.fetch(device, policy, body);
      case "GET record" -> reads.record(device, policy, query);
      case "PUT record" ->
          SingleMerge.receive(merger, incoming.budget(), incoming.buffers(), device, policy, body);
      case "POST merge" -> merges.merge(device, policy, body);
      case "POST forget" -> forgets.forget(device, policy, query, body);
      case "POST repairs" -> repairs.add(device, policy, body);
      default -> throw notAllowed(what);
    };
  }

  private static Refused notAllowed(String what) {
    @Nullable String methods =
        switch (what) {
          case "roots", "repairs" -> "GET, POST";
          case "leaves", "records", "expiring" -> "GET";
          case "record" -> "GET, PUT";
          case "fetch", "merge", "forget", "in-touch" -> "POST";
          default -> null;
        };
    return methods == null
        ? new Refused(404, "Replicas have no word " + what)
        : new Refused(
            405, "The method is not allowed for this resource.", Headers.of("Allow", methods));
  }
}
