package org.martlet.proxyserver.backend;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.Response;
import org.martlet.common.model.Timestamp;
import org.martlet.proxyserver.quorum.Effect;
import org.martlet.proxyserver.quorum.Effect.Outcome;
import org.martlet.proxyserver.quorum.UploadDecision;
import org.martlet.proxyserver.quorum.Vote;

/// Sends one body to the devices of a partition at once, piece by piece, and carries out what an
/// [UploadDecision] makes of their answers.
///
/// Use: [#open]; unless that gives an answer, [#write] each piece, then [#finish]. [#close] in any
/// case: what is not finished then is given up, and no device keeps anything.
///
/// - Bounds: [UploadLimits#queue] bytes and a chunk for each device; chunks are shared, not copied.
///   The slowest device sets the pace, until it takes nothing for [UploadLimits#stall], or for
///   [#STUCK] times that if it is needed.
/// - Threads: one caller (a virtual thread), which is blocked; answers are handled on event loops,
///   one after the other.
public final class UploadFanout implements AutoCloseable {
  /// After so many times [UploadLimits#stall] even a device that is needed is given up.
  static final int STUCK = 3;

  private final BackendClient client;
  private final Supplier<NodeIterator> order;
  private final UploadDecision decision;
  private final Function<Timestamp, Headers> outbid;
  private final UploadLimits limits;
  private final Takers takers;

  private final SerialEvents events = new SerialEvents();
  private final Alarm alarm = new Alarm();
  private final CompletableFuture<Optional<BackendAnswer>> opened = new CompletableFuture<>();
  private final CompletableFuture<BackendAnswer> done = new CompletableFuture<>();
  private final Semaphore room = new Semaphore(0);
  private final Map<String, Headers> answers = new HashMap<>();
  private final Map<Integer, Replica> replicas = new HashMap<>();
  private volatile Map<Integer, ReplicaBody> live = Map.of();
  private BackendRequest request;
  private NodeIterator nodes;
  private boolean finishing;

  private record Replica(BackendNode node, HttpClient.Upload call, ReplicaBody body) {
    void abort() {
      body.close();
      call.abort();
    }
  }

  /// @param queue bytes that wait for one device at most
  /// @param stall after so long without taking a byte a device may be given up
  /// @param grace how long devices are waited for that are not needed for a quorum
  public record UploadLimits(long queue, Duration stall, Duration grace) {
    public UploadLimits {
      if (queue < 1 || !stall.isPositive() || !grace.isPositive()) {
        throw new IllegalArgumentException("a limit is not positive");
      }
    }
  }

  UploadFanout(
      BackendClient client,
      Supplier<NodeIterator> order,
      UploadDecision decision,
      BackendRequest request,
      Function<Timestamp, Headers> outbid,
      UploadLimits limits,
      Takers takers) {
    this.client = client;
    this.order = order;
    this.decision = decision;
    this.request = request;
    this.outbid = outbid;
    this.limits = limits;
    this.takers = takers;
    this.nodes = order.get();
  }

  /// Asks the devices for their consent.
  ///
  /// @return empty if the body may begin; else what was decided without it
  public Optional<BackendAnswer> open() throws InterruptedException {
    alarm.in(limits.stall());
    event(decision::start);
    return await(opened);
  }

  /// Gives a piece to every device and waits until there is room for the next; takes the ownership
  /// of the chunk.
  ///
  /// @return false if it is already decided: nobody wants the rest
  public boolean write(Chunk chunk) throws InterruptedException {
    live.values().forEach(body -> body.put(chunk.retain()));
    chunk.release();
    long stalledAt = System.nanoTime() + limits.stall().toNanos();
    int stalls = 0;
    while (!done.isDone() && !haveRoom()) {
      long left = stalledAt - System.nanoTime();
      if (left > 0) {
        if (room.tryAcquire(left, TimeUnit.NANOSECONDS)) {
          room.drainPermits();
        }
      } else {
        stalls++;
        giveUpStalled(stalls >= STUCK);
        stalledAt = System.nanoTime() + limits.stall().toNanos();
      }
    }
    return !done.isDone();
  }

  private boolean haveRoom() {
    return live.values().stream().allMatch(ReplicaBody::hasRoom);
  }

  private void giveUpStalled(boolean forGood) {
    event(
        () -> {
          Set<Integer> standing = withoutRoom();
          if (!forGood) {
            return decision.stalled(decision.round(), standing);
          }
          standing.forEach(slot -> blame(replicas.get(slot), "takes no data"));
          return decision.stuck(decision.round(), standing);
        });
  }

  private void blame(@Nullable Replica replica, String why) {
    if (replica != null) {
      client.limiter().failed(replica.node().device(), why);
    }
  }

  private Set<Integer> withoutRoom() {
    Set<Integer> standing = new TreeSet<>();
    live.forEach(
        (slot, body) -> {
          if (!body.hasRoom()) {
            standing.add(slot);
          }
        });
    return standing;
  }

  /// Ends the body and waits for the decision.
  public BackendAnswer finish(Headers trailers) throws InterruptedException {
    finishing = true;
    Map<Integer, ReplicaBody> last = live;
    event(decision::bodyEnded);
    last.values().forEach(body -> body.end(trailers.copy()));
    return await(done);
  }

  /// Gives up what was not finished.
  @Override
  public void close() {
    if (!finishing) {
      events.run(
          () -> {
            replicas.values().forEach(Replica::abort);
            replicas.clear();
            live = Map.of();
          });
    }
  }

  private <T> T await(CompletableFuture<T> result) throws InterruptedException {
    try {
      return alarm.await(result, () -> event(this::rings));
    } catch (ExecutionException e) {
      throw new IllegalStateException("an upload could not be decided", e.getCause());
    }
  }

  private List<Effect> rings() {
    int round = decision.round();
    List<Effect> effects = decision.graceOver(round);
    if (effects.isEmpty() && !opened.isDone()) {
      replaceSilent(decision.silent(round));
      alarm.in(limits.stall());
    }
    return effects;
  }

  /// Asks others in the place of those that say nothing, as long as there are others.
  private void replaceSilent(Set<Integer> silent) {
    for (int slot : silent) {
      Optional<BackendNode> other = nodes.next();
      if (other.isPresent()) {
        blame(replicas.get(slot), "says nothing");
        send(slot, other.get());
      }
    }
  }

  private void event(Supplier<List<Effect>> event) {
    events.run(
        () -> {
          try {
            event.get().forEach(this::apply);
          } catch (RuntimeException | Error e) {
            opened.completeExceptionally(e);
            done.completeExceptionally(e);
            room.release();
          }
        });
  }

  private void apply(Effect effect) {
    switch (effect) {
      case Effect.Ask ask -> ask(ask.slot());
      case Effect.Repeat repeat -> repeat(repeat.above());
      case Effect.Grace asked -> alarm.in(limits.grace());
      case Effect.Begin begin -> begin(begin.slots());
      case Effect.Drop drop -> drop(drop.slot());
      case Effect.Finish finish -> finish(finish.outcome(), finish.abort());
    }
  }

  private void ask(int slot) {
    Optional<BackendNode> next = nodes.next();
    if (next.isPresent()) {
      send(slot, next.get());
    } else {
      giveUp(slot);
      decision.exhausted(decision.round(), slot).forEach(this::apply);
    }
  }

  private void giveUp(int slot) {
    Replica before = replicas.remove(slot);
    if (before != null) {
      before.abort();
    }
  }

  private void send(int slot, BackendNode node) {
    giveUp(slot);
    int round = decision.round();
    ReplicaBody body = new ReplicaBody(limits.queue(), room::release);
    BackendRequest sent = request.withBody(() -> body);
    HttpClient.Upload call = client.open(node, slot, sent);
    Replica replica = new Replica(node, call, body);
    replicas.put(slot, replica);
    takers.asked();
    Listening.to(
        call.consent(),
        (consent, problem) -> {
          if (consent != null && consent) {
            event(() -> isCurrent(slot, replica) ? consented(round, slot, node) : List.of());
          }
        });
    Listening.to(
        call.response(),
        (response, problem) ->
            event(
                () -> {
                  boolean tookIt = isCurrent(slot, replica) && tookIt(response);
                  List<Effect> effects = heard(round, slot, node, sent, replica, response, problem);
                  takers.ended(node, tookIt);
                  return effects;
                }));
  }

  private static boolean tookIt(@Nullable Response response) {
    return response != null && Takers.tookIt("PUT", response.status());
  }

  private boolean isCurrent(int slot, Replica replica) {
    return replica.equals(replicas.get(slot));
  }

  private List<Effect> consented(int round, int slot, BackendNode node) {
    return decision.consented(round, slot, node.voter());
  }

  private List<Effect> heard(
      int round,
      int slot,
      BackendNode node,
      BackendRequest sent,
      Replica replica,
      @Nullable Response response,
      @Nullable Throwable problem) {
    if (problem != null) {
      client.note(node, problem);
    }
    if (response != null) {
      UnwantedBody.discard(response.body());
    }
    if (!isCurrent(slot, replica)) {
      return List.of();
    }
    replica.body().close();
    leave(slot);
    if (response == null) {
      return decision.failed(round, slot);
    }
    Vote vote = client.vote(node, sent, response);
    answers.put(vote.voter().device(), response.headers());
    return decision.answered(round, slot, vote);
  }

  /// Takes a slot out of those that get the body.
  private void leave(int slot) {
    if (live.containsKey(slot)) {
      Map<Integer, ReplicaBody> rest = new LinkedHashMap<>(live);
      rest.remove(slot);
      live = rest;
      room.release();
    }
  }

  private void repeat(Timestamp above) {
    replicas.values().forEach(Replica::abort);
    replicas.clear();
    answers.clear();
    takers.again();
    request = request.withHeaders(outbid.apply(above));
    nodes = order.get();
    alarm.in(limits.stall());
    decision.start().forEach(this::apply);
  }

  private void begin(Set<Integer> slots) {
    Map<Integer, ReplicaBody> bodies = new LinkedHashMap<>();
    replicas.forEach(
        (slot, replica) -> {
          if (slots.contains(slot)) {
            bodies.put(slot, replica.body());
          } else {
            replica.abort();
          }
        });
    replicas.keySet().retainAll(slots);
    live = bodies;
    for (int slot : slots) {
      Replica replica = replicas.get(slot);
      if (replica != null) {
        replica.call().proceed();
      }
    }
    opened.complete(Optional.empty());
  }

  private void drop(int slot) {
    leave(slot);
    blame(replicas.get(slot), "takes no data");
    giveUp(slot);
  }

  private void finish(Outcome outcome, boolean abort) {
    if (abort) {
      replicas.values().forEach(Replica::abort);
      replicas.clear();
      live = Map.of();
    }
    Vote vote = outcome.vote();
    BackendAnswer answer =
        BackendAnswer.withoutBody(
            outcome.status(), vote == null ? null : answers.get(vote.voter().device()));
    opened.complete(Optional.of(answer));
    done.complete(answer);
    room.release();
    takers.decided();
  }
}
