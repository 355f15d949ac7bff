package org.martlet.objectserver.outbox;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.HttpClient;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.runtime.FatalErrors;
import org.martlet.objectserver.state.ObjectRecord;
import org.martlet.objectserver.store.DueMark;
import org.martlet.objectserver.store.DueTargets;
import org.martlet.objectserver.store.StoreFault;
import org.martlet.objectserver.store.StoredObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the listing updates of one object server: those of changes just made, and what is left
/// over from earlier ([Backlog]).
///
/// A mark's target is the number of the object's replica; it reports to the container's replica of
/// that number modulo the container's replica count, as the ring is when it is sent.
///
/// - Threads: any may call [#send]; one thread of its own makes batches and takes in answers.
public final class Outbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final int UNKNOWN_CONTAINERS = 10_000;

  private record InFlight(String device, DueMark mark) {}

  private record Place(ContainerNode node, ObjectPath container) {}

  /// When to ask for a container again that was not there.
  private record Pause(int attempts, long until) {}

  /// The one thread; what a task of it throws is logged, and stops the process if it has to.
  private static final class OutboxThread extends ScheduledThreadPoolExecutor {
    OutboxThread() {
      super(1, Thread.ofPlatform().daemon().name("object-outbox").factory());
    }

    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
      if (task instanceof Future<?> done && done.state() == Future.State.FAILED) {
        LOG.error("a task of the outbox failed", done.exceptionNow());
        FatalErrors.passOn(done.exceptionNow());
      }
    }
  }

  private final OutboxConfig config;
  private final ContainerRing ring;
  private final ContainerSender.Transport transport;
  private final InstantSource clock;
  private final ScheduledExecutorService thread;
  private final Map<ContainerNode, ContainerSender> senders = new ConcurrentHashMap<>();
  private final Set<InFlight> inFlight = ConcurrentHashMap.newKeySet();
  private final Cache<Place, Pause> unknown;
  private final List<Backlog> backlogs = new ArrayList<>();
  private final MeterRegistry metrics;
  private final Counter sentRows;
  private final Counter givenUp;
  private final Complaints faults;

  public Outbox(
      OutboxConfig config,
      ContainerRing ring,
      HttpClient client,
      BackendSignature signature,
      InstantSource clock,
      MeterRegistry metrics) {
    this.config = config;
    this.ring = ring;
    this.transport = new UpdateTransport(client, signature, config.timeouts());
    this.clock = clock;
    this.metrics = metrics;
    ScheduledThreadPoolExecutor executor = new OutboxThread();
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.thread = executor;
    this.unknown =
        CacheBuilder.newBuilder()
            .maximumSize(UNKNOWN_CONTAINERS)
            .expireAfterWrite(Duration.ofHours(1))
            .build();
    this.sentRows =
        Counter.builder("martlet.object.outbox.sent")
            .description("rows that container servers have taken")
            .register(metrics);
    this.givenUp =
        Counter.builder("martlet.object.outbox.given.up")
            .description("rows that no container server took within the reclaim age")
            .register(metrics);
    this.faults = new Complaints(LOG, "a listing update is left over", clock);
    Gauge.builder("martlet.object.outbox.queued", this, Outbox::depth)
        .description("rows that wait in memory for their container devices")
        .register(metrics);
  }

  /// Begins to work off what is left over on a device.
  public void attach(OutboxDevice device) {
    Backlog backlog = new Backlog(device, this, config.interval(), thread, clock);
    backlog.register(metrics);
    synchronized (backlogs) {
      backlogs.add(backlog);
    }
    backlog.start();
  }

  /// Sends the rows of a change that was just committed.
  ///
  /// Completes, always normally, when all its targets have answered, at once where they are
  /// bypassed, at the latest after the configured wait. What was not delivered, for whatever
  /// reason, is left over: the change is durable, and nothing that happens here may fail its
  /// answer.
  ///
  /// @param record as it is after the change
  /// @param sequence of the change
  /// @param origin the transaction id of the request that made it; empty if it is not known
  public CompletableFuture<@Nullable Void> send(
      OutboxDevice device, ObjectRecord record, long sequence, DueTargets due, String origin) {
    CompletableFuture<@Nullable Void> all = CompletableFuture.completedFuture(null);
    for (long rest = due.mask(); rest != 0; rest &= rest - 1) {
      int target = Long.numberOfTrailingZeros(rest);
      DueMark mark = new DueMark(record.key(), target, sequence);
      try {
        Delivery delivery = Delivery.of(device, mark, record, origin);
        if (dispatch(delivery, false)) {
          all = all.thenCombine(delivery.done(), (before, outcome) -> null);
        }
      } catch (RuntimeException e) {
        faults.add(e);
      }
    }
    return all.isDone()
        ? all
        : all.completeOnTimeout(null, config.answerWait().toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Tries again to deliver what is left over; called on one of the device's threads.
  ///
  /// @return what is under way; empty if there is nothing to do now
  Optional<Delivery> retry(OutboxDevice device, DueMark mark) throws StoreFault {
    if (inFlight.contains(new InFlight(device.name(), mark))) {
      return Optional.empty();
    }
    Optional<StoredObject> found = device.store().read(mark.key());
    if (found.isEmpty()) {
      clear(device, List.of(mark));
      return Optional.empty();
    }
    StoredObject object = found.get();
    DueMark current = new DueMark(mark.key(), mark.target(), object.sequence());
    Delivery delivery = Delivery.of(device, current, object.record(), "");
    return dispatch(delivery, true) ? Optional.of(delivery) : Optional.empty();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // deliveries never fail
  private boolean dispatch(Delivery delivery, boolean leftOver) {
    ContainerNode node = node(delivery);
    if (leftOver && isPaused(new Place(node, delivery.container()))) {
      return false;
    }
    InFlight key = new InFlight(delivery.device().name(), delivery.mark());
    if (!inFlight.add(key)) {
      return false;
    }
    boolean taken = false;
    try {
      delivery.done().whenComplete((outcome, failure) -> ended(delivery, node, key, outcome));
      ContainerSender sender = senders.computeIfAbsent(node, this::sender);
      taken = leftOver ? sender.retry(delivery) : sender.offer(delivery);
      return taken;
    } finally {
      if (!taken) {
        inFlight.remove(key);
      }
    }
  }

  private ContainerNode node(Delivery delivery) {
    List<ContainerNode> replicas = ring.replicas(delivery.container());
    return replicas.get(delivery.mark().target() % replicas.size());
  }

  private ContainerSender sender(ContainerNode node) {
    return new ContainerSender(node, config, transport, thread, clock, this::delivered);
  }

  private void delivered(List<Delivery> deliveries) {
    sentRows.increment(deliveries.size());
    Map<OutboxDevice, List<DueMark>> marks = new HashMap<>();
    for (Delivery delivery : deliveries) {
      marks.computeIfAbsent(delivery.device(), device -> new ArrayList<>()).add(delivery.mark());
    }
    marks.forEach(this::clear);
  }

  private void clear(OutboxDevice device, List<DueMark> marks) {
    device
        .threads()
        .execute(
            () -> {
              for (DueMark mark : marks) {
                clear(device, mark);
              }
            });
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a mark that stays is tried again
  private void clear(OutboxDevice device, DueMark mark) {
    InFlight key = new InFlight(device.name(), mark);
    try {
      device.store().clear(mark).whenComplete((cleared, failure) -> inFlight.remove(key));
    } catch (RuntimeException e) {
      inFlight.remove(key);
      faults.add(e);
    }
  }

  private void ended(
      Delivery delivery, ContainerNode node, InFlight key, Delivery.Outcome outcome) {
    Place place = new Place(node, delivery.container());
    switch (outcome) {
      case DELIVERED -> unknown.invalidate(place);
      case FAILED -> inFlight.remove(key);
      case REJECTED, UNKNOWN_CONTAINER -> {
        inFlight.remove(key);
        giveUpOrPause(delivery, place);
      }
    }
  }

  private void giveUpOrPause(Delivery delivery, Place place) {
    Duration age = Duration.between(delivery.age().toInstant(), clock.instant());
    if (age.compareTo(config.reclaimAge()) > 0) {
      LOG.info("gives up the row of {}/{}", delivery.container(), delivery.row().name());
      givenUp.increment();
      clear(delivery.device(), List.of(delivery.mark()));
      return;
    }
    long now = clock.millis();
    unknown
        .asMap()
        .compute(place, (key, before) -> before == null ? pause(0, now) : longer(before, now));
  }

  private Pause longer(Pause before, long now) {
    return now < before.until ? before : pause(before.attempts + 1, now);
  }

  private Pause pause(int attempts, long now) {
    long pause = config.interval().toMillis() << Math.min(attempts, 16);
    return new Pause(attempts, now + Math.min(pause, config.retryMax().toMillis()));
  }

  private boolean isPaused(Place place) {
    Pause pause = unknown.getIfPresent(place);
    return pause != null && clock.millis() < pause.until;
  }

  /// Rows that wait in memory for their container devices.
  public int depth() {
    return senders.values().stream().mapToInt(ContainerSender::depth).sum();
  }

  /// What is left over, device by device.
  public List<LeftOver> leftOver() {
    synchronized (backlogs) {
      return backlogs.stream().map(Backlog::leftOver).toList();
    }
  }

  /// Stops sending; what is left over is there when the server starts again.
  @Override
  public void close() {
    synchronized (backlogs) {
      backlogs.forEach(Backlog::stop);
    }
    thread.shutdown();
  }
}
