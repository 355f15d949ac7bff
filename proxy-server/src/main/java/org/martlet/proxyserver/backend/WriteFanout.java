package org.martlet.proxyserver.backend;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.model.Timestamp;
import org.martlet.proxyserver.quorum.Effect;
import org.martlet.proxyserver.quorum.Effect.Outcome;
import org.martlet.proxyserver.quorum.Vote;
import org.martlet.proxyserver.quorum.WriteDecision;

/// Sends one change to the devices of a partition at once, and carries out what a [WriteDecision]
/// makes of the answers.
///
/// Requests still under way when it is decided are left to finish: they can only add copies.
///
/// - Threads: [#run] blocks the caller (a virtual thread); answers are handled on event loops,
///   one after the other.
final class WriteFanout {
  private final BackendClient client;
  private final Supplier<NodeIterator> order;
  private final WriteDecision decision;
  private final Function<Timestamp, Headers> outbid;
  private final Patience patience;
  private final Takers takers;

  private final SerialEvents events = new SerialEvents();
  private final Alarm alarm = new Alarm();
  private final CompletableFuture<BackendAnswer> done = new CompletableFuture<>();
  private final Map<String, Headers> answers = new HashMap<>();

  /// Whose failure counts, of those asked for a slot: the last.
  private final Map<Integer, BackendNode> last = new HashMap<>();

  private BackendRequest request;
  private NodeIterator nodes;

  /// How long devices are waited for.
  ///
  /// @param grace for those that are not needed
  /// @param silence after which somebody else is asked as well
  record Patience(Duration grace, Duration silence) {}

  /// @param order gives the devices anew for each round
  /// @param outbid makes the headers of the next round, with a clock above the given one
  /// @param takers hears who took the change, also after it was decided
  WriteFanout(
      BackendClient client,
      Supplier<NodeIterator> order,
      WriteDecision decision,
      BackendRequest request,
      Function<Timestamp, Headers> outbid,
      Patience patience,
      Takers takers) {
    this.client = client;
    this.order = order;
    this.decision = decision;
    this.request = request;
    this.outbid = outbid;
    this.patience = patience;
    this.takers = takers;
    this.nodes = order.get();
  }

  BackendAnswer run() throws InterruptedException {
    alarm.in(patience.silence);
    event(decision::start);
    try {
      return alarm.await(done, () -> event(this::rings));
    } catch (ExecutionException e) {
      throw new IllegalStateException("a change could not be decided", e.getCause());
    }
  }

  private List<Effect> rings() {
    int round = decision.round();
    List<Effect> effects = decision.graceOver(round);
    if (effects.isEmpty() && !done.isDone()) {
      for (int slot : decision.silent(round)) {
        nodes.next().ifPresent(node -> send(slot, node));
      }
      alarm.in(patience.silence);
    }
    return effects;
  }

  private void event(Supplier<List<Effect>> event) {
    events.run(
        () -> {
          try {
            event.get().forEach(this::apply);
          } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
          }
        });
  }

  private void apply(Effect effect) {
    switch (effect) {
      case Effect.Ask ask -> ask(ask.slot());
      case Effect.Repeat repeat -> {
        request = request.withHeaders(outbid.apply(repeat.above()));
        nodes = order.get();
        answers.clear();
        last.clear();
        takers.again();
        alarm.in(patience.silence);
        decision.start().forEach(this::apply);
      }
      case Effect.Grace asked -> alarm.in(patience.grace);
      case Effect.Finish finish -> {
        done.complete(answer(finish.outcome()));
        takers.decided();
      }
      case Effect.Begin begin -> throw unexpected(begin);
      case Effect.Drop drop -> throw unexpected(drop);
    }
  }

  private static IllegalStateException unexpected(Effect effect) {
    return new IllegalStateException("a change that is sent whole has no " + effect);
  }

  private void ask(int slot) {
    Optional<BackendNode> next = nodes.next();
    if (next.isPresent()) {
      send(slot, next.get());
    } else {
      decision.exhausted(decision.round(), slot).forEach(this::apply);
    }
  }

  private void send(int slot, BackendNode node) {
    int round = decision.round();
    last.put(slot, node);
    takers.asked();
    BackendRequest sent = request;
    Listening.to(
        client.send(node, slot, sent).response(),
        (response, problem) ->
            event(
                () -> {
                  List<Effect> effects = heard(round, slot, node, sent, response, problem);
                  takers.ended(node, round == decision.round() && tookIt(sent, response));
                  return effects;
                }));
  }

  private static boolean tookIt(BackendRequest sent, @Nullable Response response) {
    return response != null && Takers.tookIt(sent.method(), response.status());
  }

  private List<Effect> heard(
      int round,
      int slot,
      BackendNode node,
      BackendRequest sent,
      @Nullable Response response,
      @Nullable Throwable problem) {
    if (response == null) {
      if (problem != null) {
        client.note(node, problem);
      }
      return isReplaced(round, slot, node) ? List.of() : decision.failed(round, slot);
    }
    UnwantedBody.discard(response.body());
    Vote vote = client.vote(node, sent, response);
    if (round == decision.round()) {
      answers.put(vote.voter().device(), response.headers());
    }
    boolean failed = vote.status() >= 500;
    return failed && isReplaced(round, slot, node)
        ? List.of()
        : decision.answered(round, slot, vote);
  }

  /// Whether somebody else was asked for the slot, because this one was silent.
  private boolean isReplaced(int round, int slot, BackendNode node) {
    return round == decision.round() && !node.equals(last.get(slot));
  }

  private BackendAnswer answer(Outcome outcome) {
    Vote vote = outcome.vote();
    return BackendAnswer.withoutBody(
        outcome.status(), vote == null ? null : answers.get(vote.voter().device()));
  }
}
