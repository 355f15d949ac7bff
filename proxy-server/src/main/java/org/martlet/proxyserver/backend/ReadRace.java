package org.martlet.proxyserver.backend;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.proxyserver.quorum.Effect.Outcome;
import org.martlet.proxyserver.quorum.ReadDecision;
import org.martlet.proxyserver.quorum.ReadEffect;
import org.martlet.proxyserver.quorum.Vote;
import org.martlet.proxyserver.quorum.Vote.Voter;

/// Asks the devices of a partition for one thing, one or more at a time, and gives the answer that
/// a [ReadDecision] chooses.
///
/// Devices that are still to answer then are not cut off: what they send is discarded, and when
/// they time out the [ErrorLimiter] hears of it.
///
/// - Threads: [#run] blocks the caller (a virtual thread); answers are handled on event loops, one
///   after the other.
final class ReadRace {
  private static final int MAX_HEDGE_FACTOR = 1 << 10;

  private final BackendClient client;
  private final NodeIterator nodes;
  private final ReadDecision decision;
  private final BackendRequest request;
  private final Pace pace;

  private final SerialEvents events = new SerialEvents();
  private final Alarm alarm = new Alarm();
  private final CompletableFuture<BackendAnswer> done = new CompletableFuture<>();
  private final List<BackendNode> asked = new ArrayList<>();
  private final Map<Integer, Response> unused = new HashMap<>();
  private final Map<String, Headers> refusals = new HashMap<>();
  private final Map<Integer, Long> unanswered = new HashMap<>();
  private boolean graceRuns;
  private int hedgeFactor = 1;

  /// How long devices are waited for.
  ///
  /// @param order learns how long they take
  /// @param grace for those that are not needed
  /// @param patience for those that might have what all others lack
  /// @param hedging when to ask one more, null for never
  record Pace(ReadOrder order, Duration grace, Duration patience, @Nullable Hedging hedging) {}

  ReadRace(
      BackendClient client,
      NodeIterator nodes,
      ReadDecision decision,
      BackendRequest request,
      Pace pace) {
    this.client = client;
    this.nodes = nodes;
    this.decision = decision;
    this.request = request;
    this.pace = pace;
  }

  BackendAnswer run() throws InterruptedException {
    hedgeLater();
    event(decision::start);
    boolean delivered = false;
    try {
      BackendAnswer answer = alarm.await(done, () -> event(this::rings));
      delivered = true;
      return answer;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a read could not be decided", e.getCause());
    } finally {
      if (!delivered) {
        Listening.to(done, (answer, problem) -> abandon(answer));
      }
    }
  }

  private static void abandon(@Nullable BackendAnswer answer) {
    if (answer != null) {
      answer.body().close();
    }
  }

  private List<ReadEffect> rings() {
    if (graceRuns) {
      graceRuns = false;
      return decision.graceOver();
    }
    long now = pace.order.now();
    unanswered.forEach((number, since) -> pace.order.took(asked.get(number).device(), now - since));
    hedgeLater();
    List<ReadEffect> more = decision.slow();
    boolean may = !more.isEmpty() && pace.hedging != null && pace.hedging.takeBudget();
    return may ? more : List.of();
  }

  /// Each time after twice as long.
  private void hedgeLater() {
    if (pace.hedging != null) {
      alarm.in(pace.hedging.delay().multipliedBy(hedgeFactor));
      hedgeFactor = Math.min(2 * hedgeFactor, MAX_HEDGE_FACTOR);
    }
  }

  private void event(Supplier<List<ReadEffect>> event) {
    events.run(
        () -> {
          try {
            event.get().forEach(this::apply);
          } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
            discardUnused();
          }
        });
  }

  private void apply(ReadEffect effect) {
    switch (effect) {
      case ReadEffect.Ask ask -> ask(ask.count());
      case ReadEffect.Grace wanted -> {
        graceRuns = true;
        alarm.in(wanted.patient() ? pace.patience : pace.grace);
      }
      case ReadEffect.Use use -> use(use.request());
      case ReadEffect.Finish finish -> {
        done.complete(refusal(finish.outcome()));
        discardUnused();
      }
    }
  }

  private void ask(int count) {
    int first = asked.size();
    boolean nobodyIsLeft = false;
    while (asked.size() - first < count && !nobodyIsLeft) {
      Optional<BackendNode> node = nodes.next();
      node.ifPresent(asked::add);
      nobodyIsLeft = node.isEmpty();
    }
    int end = asked.size();
    List<Voter> more = asked.subList(first, end).stream().map(BackendNode::voter).toList();
    List<ReadEffect> effects = decision.asked(more, nobodyIsLeft);
    for (int number = first; number < end; number++) {
      send(number, asked.get(number));
    }
    effects.forEach(this::apply);
  }

  private void send(int number, BackendNode node) {
    long start = pace.order.now();
    unanswered.put(number, start);
    Listening.to(
        client.send(node, number, request).response(),
        (response, problem) -> {
          long nanos = pace.order.now() - start;
          if (number == 0 && pace.hedging != null) {
            pace.hedging.observe(nanos);
          }
          event(() -> heard(number, node, nanos, response, problem));
        });
  }

  private List<ReadEffect> heard(
      int number,
      BackendNode node,
      long nanos,
      @Nullable Response response,
      @Nullable Throwable problem) {
    unanswered.remove(number);
    if (response == null) {
      if (problem != null) {
        client.note(node, problem);
      }
      pace.order.failed(node.device(), nanos);
      return decision.failed(number);
    }
    Vote vote = client.vote(node, request, response);
    if (vote.status() >= 500) {
      pace.order.failed(node.device(), nanos);
    } else {
      pace.order.took(node.device(), nanos);
    }
    unused.put(number, response);
    if (vote.statusClass() >= 4) {
      refusals.put(vote.voter().device(), response.headers());
    }
    List<ReadEffect> effects = decision.answered(number, vote);
    if (done.isDone()) {
      discardUnused();
    }
    return effects;
  }

  private void use(int number) {
    Response response = unused.remove(number);
    if (response == null) {
      throw new IllegalStateException("there is no answer " + number);
    }
    BackendAnswer answer =
        new BackendAnswer(
            response.status(),
            decision.wantsNewest() ? joined(response.headers()) : response.headers(),
            response.body(),
            Optional.of(asked.get(number)));
    done.complete(answer);
    discardUnused();
  }

  private Headers joined(Headers chosen) {
    List<Headers> others =
        unused.values().stream().filter(Response::isSuccess).map(Response::headers).toList();
    return NewestMetadata.join(chosen, others);
  }

  private void discardUnused() {
    unused.values().forEach(response -> UnwantedBody.discard(response.body()));
    unused.clear();
  }

  private BackendAnswer refusal(Outcome outcome) {
    Vote vote = outcome.vote();
    return BackendAnswer.withoutBody(
        outcome.status(), vote == null ? null : refusals.get(vote.voter().device()));
  }
}
