package org.martlet.proxyserver.backend;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingHolder;
import org.martlet.proxyserver.quorum.DurabilityRule;
import org.martlet.proxyserver.quorum.ReadDecision;
import org.martlet.proxyserver.quorum.ReadRules;
import org.martlet.proxyserver.quorum.UploadDecision;
import org.martlet.proxyserver.quorum.Vote;
import org.martlet.proxyserver.quorum.WriteDecision;
import org.martlet.proxyserver.quorum.WriteRules;

/// The storage servers as one: changes that a quorum agrees to, reads that survive failures.
///
/// - Errors: what servers do wrong shows in the answer's status (503 where too few agreed), never
///   as an exception.
/// - Threads: any; blocks until it is decided.
public final class Cluster {
  /// As many as there are to ask.
  private static final int EVERYBODY = Integer.MAX_VALUE;

  /// When another server is asked for an account or container.
  private static final Duration LISTING_HEDGE_MIN = Duration.ofMillis(50);

  private static final Duration LISTING_HEDGE_MAX = Duration.ofSeconds(1);

  private final ProxyRings rings;
  private final PathHasher hasher;
  private final BackendClient client;
  private final BackendConfig config;
  private final ReadOrder order;
  private final MissedCopies missed;
  private final Hedging listings = new Hedging(LISTING_HEDGE_MIN, LISTING_HEDGE_MAX);

  /// When reads of listings ask one more device.
  public Hedging listingHedging() {
    return listings;
  }

  /// @param missed hears of changes of objects that devices missed
  public Cluster(
      ProxyRings rings,
      PathHasher hasher,
      BackendClient client,
      BackendConfig config,
      ReadOrder order,
      MissedCopies missed) {
    this.rings = rings;
    this.hasher = hasher;
    this.client = client;
    this.config = config;
    this.order = order;
    this.missed = missed;
  }

  public BackendConfig config() {
    return config;
  }

  public BackendClient client() {
    return client;
  }

  /// Where an account or a container belongs.
  public Placement place(ObjectPath path) {
    if (path.object() != null) {
      throw new IllegalArgumentException("where an object is depends on its policy");
    }
    RingHolder holder = path.container() == null ? rings.account() : rings.container();
    return Placement.of(holder, hasher.hash(path));
  }

  /// Where an object belongs.
  ///
  /// @throws IllegalArgumentException if there is no ring for the policy
  public Placement place(ObjectPath object, int policy) {
    RingHolder holder =
        rings
            .object(policy)
            .orElseThrow(() -> new IllegalArgumentException("no ring for policy " + policy));
    return Placement.of(holder, hasher.hash(object));
  }

  /// When a change to something placed there is durable.
  public DurabilityRule durability(Placement placement) {
    return DurabilityRule.of(
        config.writeQuorum(), placement.replicas(), hasTwoServers(placement.ring()) ? 2 : 1);
  }

  /// When what is placed there was durable as it was written, be it by the ring before.
  private DurabilityRule acknowledged(Placement placement) {
    boolean always =
        hasTwoServers(placement.ring())
            && placement.previous().map(Cluster::hasTwoServers).orElse(true);
    return DurabilityRule.of(config.writeQuorum(), placement.replicas(), always ? 2 : 1);
  }

  private static boolean hasTwoServers(Ring ring) {
    String first = null;
    for (RingDevice device : ring.devices()) {
      if (device.weight() > 0) {
        if (first != null && !first.equals(device.ip())) {
          return true;
        }
        first = device.ip();
      }
    }
    return false;
  }

  /// The devices for a change, best first.
  public NodeIterator nodesForChange(Placement placement) {
    return NodeIterator.forChange(placement, client.limiter(), config.nodesPerReplica());
  }

  /// The devices for a read, best first.
  public NodeIterator nodesForRead(Placement placement) {
    return NodeIterator.forRead(placement, client.limiter(), config.nodesPerReplica(), order);
  }

  /// Changes an account or a container (PUT, POST, DELETE) on all its servers.
  public BackendAnswer change(BackendRequest request) throws InterruptedException {
    Placement placement = place(request.path());
    Headers headers = request.headers();
    return change(placement, request, WriteRules.plain(durability(placement)), above -> headers);
  }

  /// Changes something on all devices that should have it.
  ///
  /// @param outbid the headers with a clock above the given one, for rules that outbid
  public BackendAnswer change(
      Placement placement,
      BackendRequest request,
      WriteRules rules,
      Function<Timestamp, Headers> outbid)
      throws InterruptedException {
    return new WriteFanout(
            client,
            () -> nodesForChange(placement),
            new WriteDecision(rules),
            request,
            outbid,
            new WriteFanout.Patience(config.postQuorumTimeout(), config.patience()),
            takers(placement, request))
        .run();
  }

  /// Prepares to send a body to all devices that should have it; the caller closes what it gets.
  ///
  /// @param outbid the headers with a clock above the given one, for rules that outbid
  public UploadFanout upload(
      Placement placement,
      BackendRequest request,
      WriteRules rules,
      Function<Timestamp, Headers> outbid,
      UploadFanout.UploadLimits limits) {
    return new UploadFanout(
        client,
        () -> nodesForChange(placement),
        new UploadDecision(rules),
        request,
        outbid,
        limits,
        takers(placement, request));
  }

  /// Replicas of accounts and containers find out by themselves what they missed.
  private Takers takers(Placement placement, BackendRequest request) {
    if (request.path().object() == null) {
      return new Takers(0, witness -> {});
    }
    int policy = Integer.parseInt(request.headers().getOr(BackendHeaders.POLICY_INDEX, "0"));
    return new Takers(
        placement.replicas(), witness -> missed.missed(witness, policy, placement.hash()));
  }

  /// Asks all servers that should have an account or a container, and gives the heads of the
  /// answers that came; a server that fails is left out.
  public List<BackendAnswer> readAll(BackendRequest request) throws InterruptedException {
    return AllAnswers.of(client, place(request.path()), request, config.nodeTimeout());
  }

  /// Reads an account or a container (GET, HEAD) from the first server that has it.
  ///
  /// @param newest whether all servers are asked and the newest answer counts (`X-Newest`)
  public BackendAnswer read(BackendRequest request, boolean newest) throws InterruptedException {
    return read(place(request.path()), request, newest, listings);
  }

  /// Reads something placed there.
  ///
  /// A GET of the newest asks for all heads first, and only the device with the newest for the
  /// body.
  ///
  /// @param hedging when to ask a second device, null for never
  public BackendAnswer read(
      Placement placement, BackendRequest request, boolean newest, @Nullable Hedging hedging)
      throws InterruptedException {
    if (!newest) {
      return race(placement, nodesForRead(placement), request, 1, hedging);
    }
    if (request.method().equals("GET")) {
      BackendAnswer head = newestHead(placement, request);
      if (!head.isSuccess()) {
        return head;
      }
      Optional<BackendAnswer> body = readFrom(head, placement, request);
      if (body.isPresent()) {
        return body.get();
      }
    }
    return newest(placement, request);
  }

  /// The head of the newest of all copies; of an object, joined with the newest metadata.
  ///
  /// @param request a GET or HEAD; its range and conditions are left out
  public BackendAnswer newestHead(Placement placement, BackendRequest request)
      throws InterruptedException {
    return newest(placement, request.asHead());
  }

  private BackendAnswer newest(Placement placement, BackendRequest request)
      throws InterruptedException {
    return race(placement, nodesForRead(placement), request, EVERYBODY, null);
  }

  /// The body from the device that has the newest; nothing if it fails or has something older now.
  ///
  /// @param head of [#newestHead]; the answer has its metadata where that is newer
  /// @param request the GET
  public Optional<BackendAnswer> readFrom(
      BackendAnswer head, Placement placement, BackendRequest request) throws InterruptedException {
    if (head.node().isEmpty()) {
      return Optional.empty();
    }
    NodeIterator only = NodeIterator.only(head.node().get(), client.limiter());
    BackendAnswer answer = race(placement, only, request, 1, null);
    boolean good =
        answer.node().isPresent()
            && !vote(head.node().get(), request, head)
                .isNewerThan(vote(head.node().get(), request, answer));
    if (!good) {
      answer.discard();
      return Optional.empty();
    }
    Headers joined = NewestMetadata.join(answer.headers(), List.of(head.headers()));
    if (isOfParts(answer)) {
      joined = joined.copy().set("Content-Type", answer.headers().getOr("Content-Type", ""));
    }
    return Optional.of(new BackendAnswer(answer.status(), joined, answer.body(), answer.node()));
  }

  /// Whether the content type is the body's, with the boundary of its parts, not the object's.
  private static boolean isOfParts(BackendAnswer answer) {
    return answer.status() == 206 && !answer.headers().contains("Content-Range");
  }

  private static Vote vote(BackendNode node, BackendRequest request, BackendAnswer answer) {
    return AnswerClock.vote(
        node.voter(), answer.status(), request.path(), answer.status(), answer.headers());
  }

  private BackendAnswer race(
      Placement placement,
      NodeIterator nodes,
      BackendRequest request,
      int width,
      @Nullable Hedging hedging)
      throws InterruptedException {
    ReadRules rules =
        new ReadRules(placement.replicas(), width, width > 1, acknowledged(placement));
    ReadRace.Pace pace =
        new ReadRace.Pace(order, config.postQuorumTimeout(), config.patience(), hedging);
    return new ReadRace(client, nodes, new ReadDecision(rules), request, pace).run();
  }
}
