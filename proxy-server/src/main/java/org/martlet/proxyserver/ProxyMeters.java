package org.martlet.proxyserver;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.martlet.proxyserver.auth.ChangingAuth;
import org.martlet.proxyserver.backend.ErrorLimiter;
import org.martlet.proxyserver.backend.Hedging;

/// What a proxy measures beside its requests: how it gets along with the storage servers, and who
/// is not let in.
final class ProxyMeters {
  private static final double NANOS = 1e9;

  private final MeterRegistry registry;

  ProxyMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void register(ErrorLimiter limiter) {
    Gauge.builder("martlet.proxy.error.limited.devices", limiter, ErrorLimiter::limitedDevices)
        .description("devices that are not asked first, because they failed lately")
        .register(registry);
    FunctionCounter.builder("martlet.proxy.device.errors", limiter, ErrorLimiter::errors)
        .description("requests to devices that failed, or were answered with a server's error")
        .register(registry);
  }

  /// @param reads `objects` or `listings`
  void register(Hedging hedging, String reads) {
    hedges(hedging, reads, "sent", Hedging::sent);
    hedges(hedging, reads, "denied", Hedging::denied);
    Gauge.builder("martlet.proxy.hedge.delay", hedging, of -> of.delay().toNanos() / NANOS)
        .description("how long a read waits before it asks one more device")
        .baseUnit("seconds")
        .tag("reads", reads)
        .register(registry);
  }

  private void hedges(
      Hedging hedging, String reads, String result, ToDoubleFunction<Hedging> number) {
    FunctionCounter.builder("martlet.proxy.hedges", hedging, number)
        .description(
            "reads that were slow: one more device was asked, or denied for want of budget")
        .tags("reads", reads, "result", result)
        .register(registry);
  }

  void register(ChangingAuth auth) {
    failures(auth, "key", ChangingAuth::wrongKeys);
    failures(auth, "token", ChangingAuth::wrongTokens);
  }

  private void failures(ChangingAuth auth, String kind, ToDoubleFunction<ChangingAuth> number) {
    FunctionCounter.builder("martlet.proxy.auth.failures", auth, number)
        .description("wrong users or keys, and tokens of ours that are wrong or have expired")
        .tag("kind", kind)
        .register(registry);
  }
}
