package org.martlet.objectserver.outbox;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.common.runtime.Failures;
import org.martlet.common.runtime.Invariant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends rows to one container device.
///
/// One request is under way at a time; what comes meanwhile gathers and goes with the next, so a
/// batch is as large as the load makes it and nothing ever waits for company. After a failure the
/// device is bypassed for a time: rows are refused at once, their marks stay. A batch that the
/// device does not accept is tried again in smaller ones, so that one bad row keeps back no other.
///
/// - Threads: [#offer] from any; batches are made and results taken in on the executor. The lock
///   guards the queue and the times.
final class ContainerSender {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerSender.class);
  private static final int BATCH_ROWS = 1000;
  private static final int BATCH_BYTES = UpdateBatch.MAX_BYTES / 2;

  /// Makes one request; the future gives one status for each update, or fails.
  @FunctionalInterface
  interface Transport {
    /// @param origins the transaction ids of the requests that made the changes, where known
    CompletableFuture<List<Integer>> send(
        ContainerNode node, List<UpdateBatch.RowUpdate> updates, List<String> origins);
  }

  private final ContainerNode node;
  private final OutboxConfig config;
  private final Transport transport;
  private final Executor executor;
  private final InstantSource clock;
  private final Consumer<List<Delivery>> delivered;

  private final ArrayDeque<Delivery> queue = new ArrayDeque<>();
  private boolean sending;
  private int batchRows = BATCH_ROWS;
  private int failures;
  private long bypassUntil = Long.MIN_VALUE;
  private long retryAt = Long.MIN_VALUE;

  /// @param delivered told of rows whose marks can be cleared, before their futures complete
  ContainerSender(
      ContainerNode node,
      OutboxConfig config,
      Transport transport,
      Executor executor,
      InstantSource clock,
      Consumer<List<Delivery>> delivered) {
    this.node = node;
    this.config = config;
    this.transport = transport;
    this.executor = executor;
    this.clock = clock;
    this.delivered = delivered;
  }

  /// Takes a row of a change that was just made, unless the device is bypassed or too much waits.
  boolean offer(Delivery delivery) {
    return enqueue(delivery, false);
  }

  /// Takes a row that is left over, unless it is too early to try again or too much waits.
  boolean retry(Delivery delivery) {
    return enqueue(delivery, true);
  }

  /// Whether [#retry] would be refused because the last attempts failed.
  synchronized boolean isBackingOff() {
    return clock.millis() < retryAt;
  }

  private boolean enqueue(Delivery delivery, boolean leftOver) {
    synchronized (this) {
      long notBefore = leftOver ? retryAt : bypassUntil;
      if (clock.millis() < notBefore || queue.size() >= config.queue()) {
        return false;
      }
      queue.add(delivery);
      if (sending) {
        return true;
      }
      sending = true;
    }
    startSending();
    return true;
  }

  private void startSending() {
    try {
      executor.execute(this::send);
    } catch (RejectedExecutionException e) {
      abandon();
    }
  }

  /// Rows that wait now.
  synchronized int depth() {
    return queue.size();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // takeInLater() gets the failure
  private void send() {
    Map<ObjectPath, List<Delivery>> batch = takeBatch();
    if (batch.isEmpty()) {
      return;
    }
    List<List<Delivery>> groups = List.copyOf(batch.values());
    request(batch).whenComplete((statuses, failure) -> takeInLater(groups, statuses, failure));
  }

  private CompletableFuture<List<Integer>> request(Map<ObjectPath, List<Delivery>> batch) {
    try {
      List<UpdateBatch.RowUpdate> updates = new ArrayList<>(batch.size());
      batch.forEach(
          (container, rows) ->
              updates.add(
                  new UpdateBatch.RowUpdate(container, rows.stream().map(Delivery::row).toList())));
      List<String> origins =
          batch.values().stream().flatMap(List::stream).map(Delivery::origin).toList();
      return transport.send(node, updates, origins);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private synchronized Map<ObjectPath, List<Delivery>> takeBatch() {
    Invariant.check(sending, "a batch is taken by who was not told to send");
    Map<ObjectPath, List<Delivery>> batch = new LinkedHashMap<>();
    long bytes = 0;
    for (int rows = 0; rows < batchRows && !queue.isEmpty(); rows++) {
      bytes += queue.getFirst().weight();
      if (rows > 0 && bytes > BATCH_BYTES) {
        break;
      }
      Delivery next = queue.removeFirst();
      batch.computeIfAbsent(next.container(), container -> new ArrayList<>()).add(next);
    }
    sending = !batch.isEmpty();
    return batch;
  }

  private void takeInLater(
      List<List<Delivery>> groups, @Nullable List<Integer> statuses, @Nullable Throwable failure) {
    try {
      executor.execute(() -> takeIn(groups, statuses, failure));
    } catch (RejectedExecutionException e) {
      complete(groups.stream().flatMap(List::stream).toList(), Delivery.Outcome.FAILED);
      abandon();
    }
  }

  private void takeIn(
      List<List<Delivery>> groups, @Nullable List<Integer> statuses, @Nullable Throwable failure) {
    List<Delivery> all = groups.stream().flatMap(List::stream).toList();
    try {
      decide(groups, all, statuses, failure);
    } catch (RuntimeException e) {
      LOG.error("the answer of {} at {} is not taken in", node.device(), node.endpoint(), e);
      failed(String.valueOf(e));
      complete(all, Delivery.Outcome.FAILED);
    }
    send();
  }

  private void decide(
      List<List<Delivery>> groups,
      List<Delivery> all,
      @Nullable List<Integer> statuses,
      @Nullable Throwable failure) {
    Throwable cause = failure == null ? null : Failures.cause(failure);
    if (statuses != null && statuses.size() == groups.size()) {
      takeInStatuses(groups, statuses);
    } else if (cause instanceof BatchRejected rejection) {
      rejected(all, String.valueOf(rejection.getMessage()));
    } else {
      failed(String.valueOf(cause));
      complete(all, Delivery.Outcome.FAILED);
    }
  }

  private void rejected(List<Delivery> all, String why) {
    if (all.size() == 1) {
      LOG.warn(
          "container device {} at {} does not accept the row of {}/{}: {}",
          node.device(),
          node.endpoint(),
          all.getFirst().container(),
          all.getFirst().row().name(),
          why);
      complete(all, Delivery.Outcome.REJECTED);
      return;
    }
    synchronized (this) {
      batchRows = Math.max(1, all.size() / 2);
      all.reversed().forEach(queue::addFirst);
    }
  }

  private void takeInStatuses(List<List<Delivery>> groups, List<Integer> statuses) {
    boolean faulty = false;
    List<Delivery> arrived = new ArrayList<>();
    List<Delivery> refused = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      int status = statuses.get(i);
      if (status / 100 == 2) {
        arrived.addAll(groups.get(i));
      } else if (status == 404) {
        complete(groups.get(i), Delivery.Outcome.UNKNOWN_CONTAINER);
      } else if (BatchRejected.isMeantBy(status)) {
        refused.addAll(groups.get(i));
      } else {
        faulty = true;
        complete(groups.get(i), Delivery.Outcome.FAILED);
      }
    }
    if (!arrived.isEmpty()) {
      delivered.accept(arrived);
      complete(arrived, Delivery.Outcome.DELIVERED);
    }
    if (faulty) {
      failed("it cannot store rows now");
    } else {
      succeeded();
    }
    if (!refused.isEmpty()) {
      rejected(refused, "it does not take the update");
    }
  }

  private static void complete(List<Delivery> deliveries, Delivery.Outcome outcome) {
    deliveries.forEach(delivery -> delivery.done().complete(outcome));
  }

  private synchronized void succeeded() {
    if (failures > 0) {
      LOG.info("container device {} at {} answers again", node.device(), node.endpoint());
    }
    failures = 0;
    batchRows = Math.min(BATCH_ROWS, 2 * batchRows);
    bypassUntil = Long.MIN_VALUE;
    retryAt = Long.MIN_VALUE;
  }

  /// Bypasses the device; what waits for it is refused, for its marks are safe.
  private void failed(String why) {
    List<Delivery> refused;
    synchronized (this) {
      if (failures == 0) {
        LOG.warn("container device {} at {}: {}", node.device(), node.endpoint(), why);
      }
      long now = clock.millis();
      long pause = config.bypass().toMillis() << Math.min(failures, 16);
      bypassUntil = now + config.bypass().toMillis();
      retryAt = now + Math.min(pause, config.retryMax().toMillis());
      failures++;
      refused = List.copyOf(queue);
      queue.clear();
    }
    complete(refused, Delivery.Outcome.FAILED);
  }

  /// Lets go of what waits: the server stops.
  private void abandon() {
    List<Delivery> refused;
    synchronized (this) {
      sending = false;
      refused = List.copyOf(queue);
      queue.clear();
    }
    complete(refused, Delivery.Outcome.FAILED);
  }
}
