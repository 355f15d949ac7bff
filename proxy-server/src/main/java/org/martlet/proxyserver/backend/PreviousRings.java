package org.martlet.proxyserver.backend;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.BlockingHandlers;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpClient;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.http.Timeouts;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingHolder;
import org.martlet.common.runtime.FatalErrors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Forgets a previous ring when all that it placed elsewhere has moved: until then reads that find
/// nothing ask the old devices too.
///
/// Every server of the new ring has to report, by that ring's version, that nothing is left to be
/// moved; so has every server of the old one. Only a server that the new ring does not know, and
/// that has not answered for [#GIVEN_UP], is done without.
///
/// - Threads: a virtual one of its own, which asks while there is a previous ring.
public final class PreviousRings implements AutoCloseable {
  /// After so long without an answer nothing is expected of a server that left the ring.
  static final Duration GIVEN_UP = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(PreviousRings.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final int MAX_ANSWER = 8 << 20;

  private final Map<String, RingHolder> rings;
  private final HttpClient http;
  private final Timeouts timeouts;
  private final InstantSource clock;
  private final Thread thread;
  private final Map<Endpoint, Instant> silentSince = new HashMap<>();
  private final JsonMapper json = new JsonMapper();

  PreviousRings(ProxyRings rings, HttpClient http, BackendConfig config, InstantSource clock) {
    this.rings = byName(rings);
    this.http = http;
    this.timeouts =
        new Timeouts(config.connectTimeout(), config.nodeTimeout(), config.nodeTimeout());
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("proxy-previous-rings").unstarted(this::run);
  }

  /// Watches the rings from now on.
  public static PreviousRings start(
      ProxyRings rings, HttpClient http, BackendConfig config, InstantSource clock) {
    PreviousRings started = new PreviousRings(rings, http, config, clock);
    started.thread.start();
    return started;
  }

  /// The names under which servers report.
  private static Map<String, RingHolder> byName(ProxyRings rings) {
    Map<String, RingHolder> named = new HashMap<>();
    named.put("account", rings.account());
    named.put("container", rings.container());
    rings
        .objects()
        .forEach((policy, ring) -> named.put(policy == 0 ? "object" : "object-" + policy, ring));
    return named;
  }

  private void run() {
    while (true) {
      try {
        Thread.sleep(INTERVAL);
        check();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        LOG.error("the previous rings were not looked at", e);
        FatalErrors.passOn(e);
      }
    }
  }

  /// Asks once for every ring that has a previous one.
  void check() {
    rings.forEach(
        (name, holder) -> {
          Optional<Ring> previous = holder.previous();
          if (previous.isPresent() && hasSettled(name, holder.current(), previous.get())) {
            LOG.info("all of ring {} is in its place", name);
            holder.settled(previous.get());
          }
        });
    if (rings.values().stream().allMatch(holder -> holder.previous().isEmpty())) {
      silentSince.clear();
    }
  }

  private boolean hasSettled(String name, Ring current, Ring previous) {
    Set<Endpoint> servers = servers(current);
    for (Endpoint server : servers) {
      if (!settled(server, name, current).orElse(false)) {
        return false;
      }
    }
    Set<Endpoint> old = servers(previous);
    old.removeAll(servers);
    for (Endpoint server : old) {
      if (!settled(server, name, current).orElseGet(() -> isGivenUp(server))) {
        return false;
      }
    }
    return true;
  }

  private static Set<Endpoint> servers(Ring ring) {
    Set<Endpoint> servers = new HashSet<>();
    for (RingDevice device : ring.devices()) {
      servers.add(new Endpoint(device.ip(), device.port()));
    }
    return servers;
  }

  private boolean isGivenUp(Endpoint server) {
    Instant now = clock.instant();
    Instant since = silentSince.computeIfAbsent(server, key -> now);
    return !since.plus(GIVEN_UP).isAfter(now);
  }

  /// What a server reports of a ring; empty if it does not answer.
  private Optional<Boolean> settled(Endpoint server, String name, Ring current) {
    try {
      Request request = Request.withoutBody("GET", "/recon/martlet/replication", new Headers());
      Response response = BlockingHandlers.await(http.send(server, request, timeouts).response());
      byte[] body = BlockingHandlers.await(Bodies.readAll(response.body(), MAX_ANSWER));
      silentSince.remove(server);
      return Optional.of(response.isSuccess() && settled(body, name, current.version()));
    } catch (HttpFault e) {
      LOG.debug("{} does not tell whether ring {} is settled", server, name, e);
      return Optional.empty();
    }
  }

  private boolean settled(byte[] body, String name, long version) {
    try {
      @Nullable JsonNode ring = json.readTree(body).path("rings").get(name);
      return ring != null
          && ring.path("settled").asBoolean(false)
          && ring.path("version").asLong(-1) == version;
    } catch (JacksonException e) {
      return false;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
