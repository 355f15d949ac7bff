package org.martlet.common.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.martlet.common.runtime.Buckets;

/// The meters of a server's requests of one verb, resource and policy.
///
/// - Threads: any; a meter that two threads make at once is one in the registry.
final class RequestMeters {
  private static final int LEAST_CODE = 200;

  /// How many codes there are.
  static final int CODES = 400;

  private static final int CLASSES = 6;

  private final MeterRegistry registry;
  private final Tags tags;
  private final AtomicReferenceArray<Counter> codes = new AtomicReferenceArray<>(CODES);
  private final AtomicReferenceArray<Timer> durations = new AtomicReferenceArray<>(CLASSES);
  private final Counter received;
  private final Counter sent;
  private final Counter cut;
  private volatile @Nullable Timer firstByte;

  RequestMeters(
      MeterRegistry registry, String server, Verb verb, UrlForm.Resource resource, String policy) {
    this.registry = registry;
    this.tags =
        Tags.of("server", server, "verb", verb.name(), "resource", resource.tag())
            .and("policy", policy);
    this.received =
        Counter.builder("martlet.http.received")
            .description("bytes of the bodies of requests that were read")
            .baseUnit("bytes")
            .tags(tags)
            .register(registry);
    this.sent =
        Counter.builder("martlet.http.sent")
            .description("bytes of the bodies of answers")
            .baseUnit("bytes")
            .tags(tags)
            .register(registry);
    this.cut =
        Counter.builder("martlet.http.cut")
            .description("answers that were begun and did not get through whole")
            .tags(tags)
            .register(registry);
  }

  /// The place of a code in an array of [#CODES].
  static int index(int code) {
    return Math.clamp(code - LEAST_CODE, 0, CODES - 1);
  }

  /// Counts a request that has ended.
  void count(int code, long nanos, long bytesReceived, long bytesSent) {
    counter(code).increment();
    duration(code / 100).record(nanos, TimeUnit.NANOSECONDS);
    if (bytesReceived > 0) {
      received.increment((double) bytesReceived);
    }
    if (bytesSent > 0) {
      sent.increment((double) bytesSent);
    }
  }

  /// Notes when a good answer with a body began.
  void began(long nanos) {
    Timer timer = firstByte;
    if (timer == null) {
      timer =
          Timer.builder("martlet.http.first.byte")
              .description("time from a request's head to the head of its good answer")
              .serviceLevelObjectives(Buckets.latency())
              .tags(tags)
              .register(registry);
      firstByte = timer;
    }
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  /// Counts an answer that broke off.
  void cut() {
    cut.increment();
  }

  private Counter counter(int code) {
    int index = index(code);
    Counter counter = codes.get(index);
    if (counter == null) {
      counter =
          Counter.builder("martlet.http.requests")
              .description("requests that were answered, or given up by their clients (code 499)")
              .tags(tags)
              .tag("code", Integer.toString(code))
              .register(registry);
      codes.set(index, counter);
    }
    return counter;
  }

  private Timer duration(int hundreds) {
    Timer timer = durations.get(hundreds);
    if (timer == null) {
      timer =
          Timer.builder("martlet.http.request.duration")
              .description("time from a request's head to the last byte of its answer")
              .serviceLevelObjectives(Buckets.latency())
              .tags(tags)
              .tag("status", hundreds + "xx")
              .register(registry);
      durations.set(hundreds, timer);
    }
    return timer;
  }
}
