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

/// Asks the devices of a partition for one thing, one or more at a time, and gives the answer that
/// a [ReadDecision] chooses.
///
/// Devices that are still to answer then are not cut off: what they send is discarded, and when
/// they time out the [ErrorLimiter] hears of it.
///
/// - Threads: [#run] blocks the caller (a virtual thread); answers are handled on event loops, one
///   after the other.
final class ReadRace {
  private final BackendClient client;
  private final NodeIterator nodes;
  private final ReadDecision decision;
  private final BackendRequest request;
  private final Duration grace;
  private final @Nullable Hedging hedging;

  private final SerialEvents events = new SerialEvents();
  private final Alarm alarm = new Alarm();
  private final CompletableFuture<BackendAnswer> done = new CompletableFuture<>();
  private final List<BackendNode> asked = new ArrayList<>();
  private final Map<Integer, Response> unused = new HashMap<>();
  private final Map<String, Headers> refusals = new HashMap<>();
  private boolean graceRuns;

  ReadRace(
      BackendClient client,
      NodeIterator nodes,
      ReadDecision decision,
      BackendRequest request,
      Duration grace,
      @Nullable Hedging hedging) {
    this.client = client;
    this.nodes = nodes;
    this.decision = decision;
    this.request = request;
    this.grace = grace;
    this.hedging = hedging;
  }

  BackendAnswer run() throws InterruptedException {
    if (hedging != null) {
      alarm.in(hedging.delay());
    }
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
    return hedging != null && hedging.takeBudget() ? decision.slow() : List.of();
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
        alarm.in(grace);
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
    List<ReadEffect> effects = decision.asked(end - first, nobodyIsLeft);
    for (int number = first; number < end; number++) {
      send(number, asked.get(number));
    }
    effects.forEach(this::apply);
  }

  private void send(int number, BackendNode node) {
    long start = System.nanoTime();
    Listening.to(
        client.send(node, number, request).response(),
        (response, problem) -> {
          if (number == 0 && hedging != null) {
            hedging.observe(System.nanoTime() - start);
          }
          event(() -> heard(number, node, response, problem));
        });
  }

  private List<ReadEffect> heard(
      int number, BackendNode node, @Nullable Response response, @Nullable Throwable problem) {
    if (response == null) {
      if (problem != null) {
        client.note(node, problem);
      }
      return decision.failed();
    }
    Vote vote = client.vote(node, request, response);
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
            response.status(), response.headers(), response.body(), Optional.of(asked.get(number)));
    done.complete(answer);
    discardUnused();
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
