package org.martlet.containerserver.server;

import com.google.common.base.Ticker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ContainerStat;
import org.martlet.common.protocol.UpdateBatch.StatUpdate;
import org.martlet.containerserver.listing.Containers;
import org.martlet.containerserver.listing.DueReport;
import org.martlet.containerserver.listing.ListingFault;
import org.martlet.containerserver.listing.ListingId;
import org.martlet.containerserver.listing.ListingInfo;
import org.martlet.containerserver.listing.ListingState;
import org.martlet.containerserver.listing.ListingStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells accounts how many objects and bytes their containers have.
///
/// What is due stands in durable marks, made in the batch that changes a container. A pass sends
/// the current state of every marked container, many in one request, and clears the marks of what
/// was taken, unless the container changed meanwhile. So passes bound how often a container is
/// reported, and a restart or a lost answer loses nothing.
///
/// Threads: [#reportNow] any, without blocking; [#pass] one at a time for each device, blocks.
final class AccountReporter {
  private static final Logger log = LoggerFactory.getLogger(AccountReporter.class);
  private static final int PAGE = 2_000;
  private static final ObjectHash FIRST = new ObjectHash(0, 0);
  private static final Duration LONGEST_POSTPONEMENT = Duration.ofHours(1);
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final AccountTargets targets;
  private final StatSender sender;
  private final AccountReporterConfig config;
  private final InstantSource clock;
  private final Ticker ticker;
  private final TargetBackOff backOff;
  private final Map<String, Duration> sweeps = new ConcurrentHashMap<>();
  private final Counter reported;
  private final Counter givenUp;

  /// What became of a report.
  enum Result {
    /// The account has it.
    TOLD,
    /// The account's server has no such account.
    NO_ACCOUNT,
    /// Unknown; the mark stays.
    NOT_TOLD
  }

  AccountReporter(
      AccountTargets targets,
      StatSender sender,
      AccountReporterConfig config,
      InstantSource clock,
      Ticker ticker,
      MeterRegistry meters) {
    this.targets = targets;
    this.sender = sender;
    this.config = config;
    this.clock = clock;
    this.ticker = ticker;
    this.backOff = new TargetBackOff(config.interval());
    this.reported =
        Counter.builder("martlet.listing.reports")
            .description("statistics of containers that accounts have taken")
            .register(meters);
    this.givenUp =
        Counter.builder("martlet.listing.reports.given.up")
            .description("statistics of containers whose accounts are not there")
            .register(meters);
  }

  /// Reports a container that was created or deleted just now.
  ///
  /// @return completes within [AccountReporterConfig#answerWait] and never fails
  CompletableFuture<Result> reportNow(ListingDevice device, ListingId id) {
    Optional<AccountTarget> target = targets.of(device.name(), id.path());
    if (target.isEmpty()) {
      return CompletableFuture.completedFuture(Result.NOT_TOLD);
    }
    return device
        .lane()
        .resume(() -> device.online().containers().state(id))
        .thenCompose(state -> report(device, id, target.get(), state))
        .exceptionally(
            failure -> {
              log.debug("{} was not reported at once", id, failure);
              return Result.NOT_TOLD;
            })
        .completeOnTimeout(Result.NOT_TOLD, config.answerWait().toMillis(), TimeUnit.MILLISECONDS);
  }

  private CompletableFuture<Result> report(
      ListingDevice device, ListingId id, AccountTarget target, ListingState state) {
    ListingInfo info = state.info();
    if (info == null) {
      return CompletableFuture.completedFuture(Result.NOT_TOLD);
    }
    ContainerStat stat = Containers.stat(info, state.totals());
    ObjectPath account = ObjectPath.account(id.path().account());
    return sender
        .send(target, List.of(new StatUpdate(account, List.of(stat))))
        .thenApply(
            statuses -> {
              Result result = result(statuses.getFirst());
              if (result == Result.TOLD) {
                reported.increment();
                clear(device.online().store(), id.hash(), state.totals().changed());
              }
              return result;
            });
  }

  private static Result result(int status) {
    if (status == 404) {
      return Result.NO_ACCOUNT;
    }
    return status / 100 == 2 ? Result.TOLD : Result.NOT_TOLD;
  }

  /// A mark that cannot be cleared is reported again, which is harmless.
  private static void clear(ListingStore store, ObjectHash container, Timestamp changed) {
    note(store.clearDue(container, changed));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the failure is logged here
  private static void note(CompletableFuture<Boolean> edit) {
    edit.exceptionally(
        failure -> {
          log.debug("a mark was not changed", failure);
          return false;
        });
  }

  /// How long the last pass over a device took; the longest of all devices. Empty before the first.
  Optional<Duration> lastSweep() {
    return sweeps.values().stream().max(Comparator.naturalOrder());
  }

  /// Reports everything that is due on a device.
  void pass(ListingDevice device) {
    if (device.state() instanceof DeviceState.Online online) {
      long began = ticker.read();
      try {
        pass(device, online.store());
        sweeps.put(device.name(), Duration.ofNanos(ticker.read() - began));
      } catch (ListingFault e) {
        log.warn("device {}: what is due to accounts cannot be read", device.name(), e);
      }
    }
  }

  private void pass(ListingDevice device, ListingStore store) throws ListingFault {
    ObjectHash from = FIRST;
    List<DueReport> page = store.due(from, PAGE);
    while (!page.isEmpty()) {
      for (Map.Entry<AccountTarget, List<DueReport>> group : byTarget(device, page).entrySet()) {
        send(store, group.getKey(), group.getValue());
      }
      if (page.size() < PAGE) {
        return;
      }
      from = next(page.getLast().hash());
      page = from.equals(FIRST) ? List.of() : store.due(from, PAGE);
    }
  }

  /// The hash after one; after the last comes the first.
  private static ObjectHash next(ObjectHash hash) {
    long low = hash.low() + 1;
    return new ObjectHash(low == 0 ? hash.high() + 1 : hash.high(), low);
  }

  private Map<AccountTarget, List<DueReport>> byTarget(
      ListingDevice device, List<DueReport> marks) {
    Instant now = clock.instant();
    Map<AccountTarget, List<DueReport>> groups = new LinkedHashMap<>();
    for (DueReport mark : marks) {
      if (isPostponed(mark, now)) {
        continue;
      }
      Optional<AccountTarget> target = targets.of(device.name(), mark.container());
      if (target.isPresent() && !backOff.isLeftAlone(target.get(), ticker.read())) {
        groups.computeIfAbsent(target.get(), key -> new ArrayList<>()).add(mark);
      }
    }
    return groups;
  }

  /// What is further ahead than a postponement goes was noted by a clock that has been put right.
  private boolean isPostponed(DueReport mark, Instant now) {
    Instant until = mark.notBefore().toInstant();
    return until.isAfter(now) && !until.isAfter(now.plus(postponement(mark.attempts() - 1)));
  }

  private Duration postponement(int attempts) {
    return TargetBackOff.delay(config.interval(), attempts, LONGEST_POSTPONEMENT);
  }

  private void send(ListingStore store, AccountTarget target, List<DueReport> marks)
      throws ListingFault {
    for (int begin = 0; begin < marks.size(); begin += config.batch()) {
      int end = Math.min(marks.size(), begin + config.batch());
      if (!sendBatch(store, target, marks.subList(begin, end))) {
        return;
      }
    }
  }

  /// A container as it was read for a report.
  private record Reported(DueReport mark, Timestamp changed, ContainerStat stat) {}

  /// @return whether the target answered
  private boolean sendBatch(ListingStore store, AccountTarget target, List<DueReport> marks)
      throws ListingFault {
    Map<String, List<Reported>> byAccount = new LinkedHashMap<>();
    for (DueReport mark : marks) {
      ListingState state = store.state(ListingId.ofContainer(mark));
      ListingInfo info = state.info();
      if (info == null) {
        clear(store, mark.hash(), mark.changed());
      } else {
        byAccount
            .computeIfAbsent(mark.container().account(), key -> new ArrayList<>())
            .add(
                new Reported(
                    mark, state.totals().changed(), Containers.stat(info, state.totals())));
      }
    }
    List<StatUpdate> updates = new ArrayList<>();
    byAccount.forEach(
        (account, containers) ->
            updates.add(
                new StatUpdate(
                    ObjectPath.account(account),
                    containers.stream().map(Reported::stat).toList())));
    if (updates.isEmpty()) {
      return true;
    }
    List<Integer> statuses = await(target, updates);
    int i = 0;
    for (List<Reported> containers : byAccount.values()) {
      if (i < statuses.size()) {
        settle(store, containers, statuses.get(i));
      }
      i++;
    }
    return !statuses.isEmpty();
  }

  /// The answer; empty if there was none.
  private List<Integer> await(AccountTarget target, List<StatUpdate> updates) {
    long began = ticker.read();
    try {
      List<Integer> statuses =
          sender
              .send(target, updates)
              .get(config.timeout().multipliedBy(2).plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
      backOff.succeeded(target);
      return statuses;
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      if (backOff.failed(target, began, ticker.read())) {
        log.warn("account server {} takes no reports, they are kept: {}", target, e.toString());
      }
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private void settle(ListingStore store, List<Reported> containers, int status) {
    for (Reported container : containers) {
      switch (result(status)) {
        case TOLD -> {
          reported.increment();
          clear(store, container.mark().hash(), container.changed());
        }
        case NO_ACCOUNT -> postponeOrGiveUp(store, container.mark());
        case NOT_TOLD -> log.debug("{} stays due: {}", container.mark().container(), status);
      }
    }
  }

  private void postponeOrGiveUp(ListingStore store, DueReport mark) {
    Instant now = clock.instant();
    if (mark.since().toInstant().plus(config.reclaimAge()).isBefore(now)) {
      log.info("{} has no account since {}, it is not reported", mark.container(), mark.since());
      givenUp.increment();
      clear(store, mark.hash(), mark.changed());
      return;
    }
    Instant until = now.plus(postponement(mark.attempts()));
    note(store.postponeDue(mark, Timestamp.of(until)));
  }
}
