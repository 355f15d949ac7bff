package org.martlet.common.http;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// What is measured of one HTTP server: its connections, and its requests by verb, what they are
/// for, storage policy and code. No label comes from outside: paths, accounts and unknown verbs
/// make no series.
///
/// - Cost: a request is two looks into arrays and a handful of additions; a meter is made when it
///   is first needed.
/// - Threads: any.
public final class ServerMeters {
  /// Policies of higher numbers are counted together.
  static final int MAX_POLICY = 31;

  /// Of requests that concern no storage policy.
  static final int NO_POLICY = -1;

  private static final int POLICIES = MAX_POLICY + 3;

  private final MeterRegistry registry;
  private final String server;
  private final UrlForm urls;
  private final Map<Verb, Map<UrlForm.Resource, AtomicReferenceArray<RequestMeters>>> series =
      new EnumMap<>(Verb.class);
  private final AtomicReferenceArray<Counter> refused =
      new AtomicReferenceArray<>(RequestMeters.CODES);

  private ServerMeters(MeterRegistry registry, String server, UrlForm urls) {
    this.registry = registry;
    this.server = server;
    this.urls = urls;
    for (Verb verb : Verb.values()) {
      Map<UrlForm.Resource, AtomicReferenceArray<RequestMeters>> ofVerb =
          new EnumMap<>(UrlForm.Resource.class);
      for (UrlForm.Resource resource : UrlForm.Resource.values()) {
        ofVerb.put(resource, new AtomicReferenceArray<>(POLICIES));
      }
      series.put(verb, ofVerb);
    }
  }

  /// @param server the label that tells it from others in the process
  /// @param urls that it serves
  public static ServerMeters of(MeterRegistry registry, String server, UrlForm urls) {
    return new ServerMeters(registry, server, urls);
  }

  /// Meters that nobody looks at.
  public static ServerMeters unseen() {
    return new ServerMeters(new SimpleMeterRegistry(), "unseen", UrlForm.PUBLIC);
  }

  void watch(ServerState state) {
    Gauge.builder("martlet.http.connections", state, ServerState::connectionCount)
        .description("connections that are open")
        .tag("server", server)
        .strongReference(true)
        .register(registry);
    Gauge.builder("martlet.http.connections.max", state, of -> of.config().maxConnections())
        .description("connections that may be open at once; one more is answered 503")
        .tag("server", server)
        .strongReference(true)
        .register(registry);
    Gauge.builder("martlet.http.requests.active", state, ServerState::requestCount)
        .description("requests whose answer is not finished")
        .tag("server", server)
        .strongReference(true)
        .register(registry);
  }

  Clock clock() {
    return registry.config().clock();
  }

  /// A request begins.
  RequestTrace begin(Request request, @Nullable InetSocketAddress client, RequestLog log) {
    return new RequestTrace(this, request, client, log);
  }

  /// Something was answered that is no request, or a connection too many.
  void refused(int code) {
    int index = RequestMeters.index(code);
    Counter counter = refused.get(index);
    if (counter == null) {
      counter =
          Counter.builder("martlet.http.refused")
              .description("connections and malformed requests that no handler has seen, by code")
              .tags("server", server, "code", Integer.toString(code))
              .register(registry);
      refused.set(index, counter);
    }
    counter.increment();
  }

  /// The meters of requests that have this in common.
  ///
  /// @param policy its index, or [#NO_POLICY]
  RequestMeters of(Request request, int policy) {
    Verb verb = Verb.of(request.method());
    UrlForm.Resource resource = urls.resource(request.target());
    int slot = policy < 0 ? 0 : Math.min(policy, MAX_POLICY + 1) + 1;
    AtomicReferenceArray<RequestMeters> byPolicy =
        Objects.requireNonNull(Objects.requireNonNull(series.get(verb)).get(resource));
    RequestMeters meters = byPolicy.get(slot);
    if (meters == null) {
      // Made twice by two threads at once, both count with the same meters of the registry.
      meters = new RequestMeters(registry, server, verb, resource, policyTag(policy));
      byPolicy.set(slot, meters);
    }
    return meters;
  }

  private static String policyTag(int policy) {
    if (policy < 0) {
      return "none";
    }
    return policy > MAX_POLICY ? "other" : Integer.toString(policy);
  }
}
