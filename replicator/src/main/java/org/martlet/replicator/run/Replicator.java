package org.martlet.replicator.run;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.martlet.common.runtime.FatalErrors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The replication of one node: of every local device, in every space.
///
/// Begins with [#start]; [#close] ends it within the time of one request. What it may use in all is
/// the [Budget] that its replicas take from.
///
/// - Threads: a virtual one for each device and space, each device's repairs, each space's probes;
///   steps of passes on others, as many at once as the configuration says. Methods: any.
public final class Replicator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Replicator.class);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(15);

  private final Budget budget;
  private final List<HoldingWorker> workers = new ArrayList<>();
  private final List<RepairQueue> queues = new ArrayList<>();
  private final List<Loop> loops = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /// Something to be done again and again.
  ///
  /// @param step tells when it is to be done again
  record Loop(String name, Supplier<Duration> step) {}

  /// @param repairs of the local devices with objects, by name
  /// @param budget that what the holdings talk through takes from
  public Replicator(
      ReplicatorConfig config,
      List<Holding> holdings,
      Map<String, RepairSource> repairs,
      Budget budget,
      InstantSource clock,
      MeterRegistry metrics) {
    this(
        config,
        holdings,
        repairs,
        budget,
        clock,
        Crews.of(config.concurrency()),
        task -> Thread.ofVirtual().name("replicator-probe").start(task));
    new StatusMeters(this, metrics).register(holdings, repairs.keySet());
  }

  /// @param crews do steps of passes and repairs
  /// @param probes runs probes
  Replicator(
      ReplicatorConfig config,
      List<Holding> holdings,
      Map<String, RepairSource> repairs,
      Budget budget,
      InstantSource clock,
      Crews crews,
      Executor probes) {
    this.budget = budget;
    Map<Space, PeerHealth> healths = new TreeMap<>();
    for (Holding holding : holdings) {
      PeerHealth health = healths.get(holding.space());
      if (health == null) {
        health = new PeerHealth(clock);
        healths.put(holding.space(), health);
        Prober prober = new Prober(holding, health, probes);
        loops.add(new Loop("probe-" + holding.space(), prober::step));
      }
      HoldingWorker worker =
          new HoldingWorker(config, holding, health, crews, clock, budget::isStopped);
      workers.add(worker);
      String what = holding.space() + "-" + holding.device();
      loops.add(new Loop("pass-" + what, worker::step));
      loops.add(new Loop("catch-up-" + what, new CatchUp(worker, crews.catchUps())::step));
    }
    repairs.forEach((device, source) -> addQueue(device, source, crews.repairs(), clock));
  }

  private void addQueue(String device, RepairSource source, Crew crew, InstantSource clock) {
    List<HoldingWorker> objects =
        workers.stream()
            .filter(worker -> worker.holding().space().kind() == Space.Kind.OBJECTS)
            .filter(worker -> worker.holding().device().equals(device))
            .toList();
    RepairQueue queue = new RepairQueue(device, source, objects, crew, clock);
    queues.add(queue);
    loops.add(new Loop("repair-" + device, queue::step));
  }

  /// Begins; call once.
  public void start() {
    for (Loop loop : loops) {
      threads.add(
          Thread.ofVirtual().name("replicator-" + loop.name()).start(() -> runUntilStopped(loop)));
    }
  }

  private void runUntilStopped(Loop loop) {
    while (!budget.isStopped()) {
      Duration pause;
      try {
        pause = loop.step().get();
      } catch (RuntimeException | Error e) {
        LOG.error("{} failed; it goes on", loop.name(), e);
        FatalErrors.passOn(e);
        pause = Duration.ofSeconds(10);
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /// What is done and how far it is.
  public ReplicationStatus status() {
    return new ReplicationStatus(
        budget.isPaused(),
        workers.stream()
            .map(worker -> worker.progress().status(budget.waiting(), worker.health().down()))
            .toList(),
        queues.stream().map(RepairQueue::status).toList());
  }

  /// The share of its budget that was there for background work last: over 0, at most 1.
  double lastShare() {
    return budget.lastShare();
  }

  /// Sends nothing more until [#resume]; what is on the way is finished.
  public void pause() {
    budget.pause();
  }

  public void resume() {
    budget.resume();
  }

  /// Begins a pass over everything as soon as those under way have ended.
  public void passNow() {
    workers.forEach(HoldingWorker::passNow);
  }

  /// What a single thread has to do in turn, for simulations.
  List<Loop> loops() {
    return List.copyOf(loops);
  }

  /// Stops, and waits for what is on the way.
  @Override
  public void close() {
    budget.stop();
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        if (!thread.join(STOP_WITHIN)) {
          LOG.warn("{} has not stopped within {}", thread.getName(), STOP_WITHIN);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
