package org.martlet.objectserver.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.martlet.objectserver.store.DueMark;
import org.martlet.objectserver.store.MutationOutcome;
import org.martlet.objectserver.store.StoreFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Works off the marks of one device that were not delivered with their changes: after a failure,
/// a bypass, a full queue or a restart.
///
/// A pass goes through all marks, oldest first, page by page; the next page is read when the rows
/// of the one before have been answered, so the memory is bounded by a page. A page that brought
/// nothing forward is followed by a short rest, so a dead container device costs few reads. A mark
/// whose object cannot be read keeps back no other: it stays, and is tried again in the next pass.
///
/// - Threads: pages are read on the device's threads, one at a time; the timer starts them.
final class Backlog {
  private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);
  private static final int PAGE = 500;
  private static final Duration REST = Duration.ofMillis(200);

  private final OutboxDevice device;
  private final Outbox outbox;
  private final Duration interval;
  private final ScheduledExecutorService timer;
  private final InstantSource clock;
  private final Complaints unreadable;
  private @Nullable Counter skipped;

  private long seen;
  private long oldestSeen;
  private boolean faulted;
  private volatile boolean stopped;
  private volatile long due;
  private volatile long oldest;
  private Instant began = Instant.EPOCH;
  private volatile @Nullable Sweep sweep;

  /// A pass that has ended.
  private record Sweep(Instant ended, Duration took) {}

  Backlog(
      OutboxDevice device,
      Outbox outbox,
      Duration interval,
      ScheduledExecutorService timer,
      InstantSource clock) {
    this.device = device;
    this.outbox = outbox;
    this.interval = interval;
    this.timer = timer;
    this.clock = clock;
    this.unreadable =
        new Complaints(LOG, "a listing update of " + device.name() + " cannot be read", clock);
  }

  void register(MeterRegistry metrics) {
    skipped =
        Counter.builder("martlet.object.outbox.skipped")
            .description("attempts at listing updates left over whose objects cannot be read")
            .tag("device", device.name())
            .register(metrics);
    Gauge.builder("martlet.object.outbox.due", this, backlog -> backlog.due)
        .description("listing updates left over, as of the last pass")
        .tag("device", device.name())
        .register(metrics);
    Gauge.builder("martlet.object.outbox.oldest.age", this, Backlog::oldestSeconds)
        .description("age of the oldest listing update left over, as of the last pass")
        .baseUnit("seconds")
        .tag("device", device.name())
        .register(metrics);
  }

  private double oldestSeconds() {
    return oldest == 0 ? 0 : Math.max(0, clock.millis() - oldest) / 1000.0;
  }

  /// What the last pass has left.
  LeftOver leftOver() {
    Sweep last = sweep;
    return new LeftOver(
        device.name(),
        due,
        Duration.ofMillis(Math.round(oldestSeconds() * 1000)),
        Optional.ofNullable(last).map(Sweep::ended),
        Optional.ofNullable(last).map(Sweep::took));
  }

  /// Begins the first pass at once: what is left over from before the start.
  void start() {
    schedule(Optional.empty(), Duration.ZERO);
  }

  void stop() {
    stopped = true;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a page reports its own failures
  private void schedule(Optional<DueMark> after, Duration delay) {
    try {
      timer.schedule(
          () -> device.threads().execute(() -> page(after)),
          delay.toMillis(),
          TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the outbox of {} has stopped", device.name());
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // next() looks at the outcomes
  private void page(Optional<DueMark> after) {
    if (stopped) {
      return;
    }
    if (after.isEmpty()) {
      began = clock.instant();
    }
    try {
      List<DueMark> marks = device.store().dueMarks(after, PAGE);
      List<CompletableFuture<Delivery.Outcome>> underWay = new ArrayList<>();
      for (DueMark mark : marks) {
        Optional<Delivery> delivery = retry(mark);
        if (delivery.isPresent()) {
          note(delivery.get());
          underWay.add(delivery.get().done());
        }
      }
      seen += marks.size();
      faulted = false;
      CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new))
          .whenComplete((done, failure) -> next(marks, underWay));
    } catch (StoreFault | RuntimeException e) {
      report(e);
      endPass();
    }
  }

  /// @throws StoreFault if the device as a whole does not answer now
  private Optional<Delivery> retry(DueMark mark) throws StoreFault {
    try {
      return outbox.retry(device, mark);
    } catch (StoreFault e) {
      if (e.refusal().orElse(null) instanceof MutationOutcome.Unavailable) {
        throw e;
      }
      skip(e);
    } catch (RuntimeException e) {
      skip(e);
    }
    return Optional.empty();
  }

  private void skip(Exception fault) {
    unreadable.add(fault);
    if (skipped != null) {
      skipped.increment();
    }
  }

  private void note(Delivery delivery) {
    long made = delivery.age().toInstant().toEpochMilli();
    oldestSeen = oldestSeen == 0 ? made : Math.min(oldestSeen, made);
  }

  private void next(List<DueMark> marks, List<CompletableFuture<Delivery.Outcome>> ended) {
    if (marks.size() < PAGE) {
      endPass();
      return;
    }
    boolean forward =
        ended.stream().anyMatch(outcome -> outcome.resultNow() == Delivery.Outcome.DELIVERED);
    schedule(Optional.of(marks.getLast()), forward ? Duration.ZERO : REST);
  }

  private void endPass() {
    due = seen;
    oldest = oldestSeen;
    seen = 0;
    oldestSeen = 0;
    Instant now = clock.instant();
    Duration took = Duration.between(began, now);
    sweep = new Sweep(now, took.isNegative() ? Duration.ZERO : took);
    schedule(Optional.empty(), interval);
  }

  private void report(@Nullable Exception fault) {
    if (!faulted) {
      LOG.warn("the outbox of {} cannot be read now", device.name(), fault);
    }
    faulted = true;
  }
}
