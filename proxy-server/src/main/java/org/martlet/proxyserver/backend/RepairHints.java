package org.martlet.proxyserver.backend;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.martlet.common.http.BlockingHandlers;
import org.martlet.common.http.Body;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.Timeouts;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.protocol.BackgroundIds;
import org.martlet.common.replication.HashList;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.runtime.FatalErrors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells devices which of their objects other devices missed, so that these are repaired at once
/// and not by the next pass.
///
/// A hint that is lost does no harm: the pass finds what it was about. So nothing is repeated and
/// nothing is kept through a restart.
///
/// - Bound: [#MAX_QUEUED] hints wait; more are dropped and counted.
/// - Threads: [#missed] any, never blocks; a virtual thread sends what has gathered.
public final class RepairHints implements MissedCopies, AutoCloseable {
  /// How many hints wait at most.
  static final int MAX_QUEUED = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(RepairHints.class);
  private static final Duration GATHER = Duration.ofMillis(100);

  private record Target(RingDevice device, int policy) {}

  private final HttpClient http;
  private final BackendSignature signature;
  private final Timeouts timeouts;
  private final Counter sent;
  private final Counter dropped;
  private final Counter lost;
  private final Thread sender;
  private final BackgroundIds ids = new BackgroundIds("hints", System.nanoTime());

  private Map<Target, Set<ObjectHash>> waiting = new HashMap<>();
  private int queued;
  private boolean closed;

  private RepairHints(
      HttpClient http, BackendSignature signature, BackendConfig config, MeterRegistry meters) {
    this.http = http;
    this.signature = signature;
    this.timeouts =
        new Timeouts(config.connectTimeout(), config.nodeTimeout(), config.nodeTimeout());
    this.sent = counter(meters, "sent");
    this.dropped = counter(meters, "dropped");
    this.lost = counter(meters, "lost");
    this.sender = Thread.ofVirtual().name("proxy-hints").unstarted(this::run);
    Gauge.builder("martlet.proxy.hints.queued", this, RepairHints::queued)
        .description("hints that wait to be sent")
        .register(meters);
  }

  /// Sends what it is told from now on.
  public static RepairHints start(
      HttpClient http, BackendSignature signature, BackendConfig config, MeterRegistry meters) {
    RepairHints hints = new RepairHints(http, signature, config, meters);
    hints.sender.start();
    return hints;
  }

  private static Counter counter(MeterRegistry meters, String result) {
    return Counter.builder("martlet.proxy.hints")
        .description(
            "devices told what others missed; dropped for want of room, or lost on the way")
        .tag("result", result)
        .register(meters);
  }

  @Override
  public synchronized void missed(BackendNode witness, int policy, ObjectHash hash) {
    if (closed || queued >= MAX_QUEUED) {
      dropped.increment();
      return;
    }
    Target target = new Target(witness.device(), policy);
    if (waiting.computeIfAbsent(target, key -> new LinkedHashSet<>()).add(hash)) {
      queued++;
      notifyAll();
    }
  }

  private synchronized int queued() {
    return queued;
  }

  private void run() {
    try {
      while (awaitHints()) {
        Thread.sleep(GATHER);
        send(take());
      }
    } catch (InterruptedException e) {
      LOG.debug("hints end");
    } catch (RuntimeException | Error e) {
      LOG.error("no more hints are sent", e);
      FatalErrors.passOn(e);
    }
  }

  private synchronized boolean awaitHints() throws InterruptedException {
    while (!closed && queued == 0) {
      wait();
    }
    return !closed;
  }

  private synchronized Map<Target, Set<ObjectHash>> take() {
    Map<Target, Set<ObjectHash>> taken = waiting;
    waiting = new HashMap<>();
    queued = 0;
    return taken;
  }

  /// To all devices at once: one that is slow keeps none waiting but the next round.
  private void send(Map<Target, Set<ObjectHash>> hints) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    hints.forEach(
        (target, hashes) -> threads.add(Thread.startVirtualThread(() -> send(target, hashes))));
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void send(Target target, Set<ObjectHash> hashes) {
    List<ObjectHash> all = List.copyOf(hashes);
    for (int from = 0; from < all.size(); from += HashList.MAX_ENTRIES) {
      List<ObjectHash> some = all.subList(from, Math.min(all.size(), from + HashList.MAX_ENTRIES));
      (send(target, some) ? sent : lost).increment(some.size());
    }
  }

  private boolean send(Target target, List<ObjectHash> hashes) {
    RingDevice device = target.device();
    String path =
        "/"
            + PercentCoding.encodePath(device.device())
            + "/replication/repairs?policy="
            + target.policy();
    Body body = Body.of(HashList.encode(hashes));
    Headers headers = new Headers();
    headers.set(BackendHeaders.TRANSACTION, ids.next());
    signature.sign("POST", path, body.length(), headers);
    Endpoint endpoint = new Endpoint(device.ip(), device.port());
    try {
      Response response =
          BlockingHandlers.await(
              http.send(endpoint, new Request("POST", path, headers, body), timeouts).response());
      UnwantedBody.discard(response.body());
      return response.isSuccess();
    } catch (HttpFault e) {
      LOG.debug("{} hints for {} are lost: {}", hashes.size(), device.label(), e.getMessage());
      return false;
    }
  }

  /// Stops; what still waits is lost.
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    sender.interrupt();
  }
}
