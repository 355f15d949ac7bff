package org.martlet.objectserver.server;

import com.google.common.base.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.martlet.common.http.BufferPool;
import org.martlet.common.http.HttpClient;

/// What an object server shares with others in its JVM.
///
/// @param client that listing updates are sent with
/// @param bodies the memory for bodies on their way in, one budget a JVM
/// @param buffers that bodies are read into on their way out, and gathered in on their way in
/// @param ticker for waiting times
/// @param random for multipart boundaries; used from many threads
public record Surroundings(
    HttpClient client,
    BodyBudget bodies,
    BufferPool buffers,
    InstantSource clock,
    Ticker ticker,
    RandomGenerator random,
    MeterRegistry metrics) {

  /// With the system's ticker.
  public Surroundings(
      HttpClient client,
      BodyBudget bodies,
      BufferPool buffers,
      InstantSource clock,
      RandomGenerator random,
      MeterRegistry metrics) {
    this(client, bodies, buffers, clock, Ticker.systemTicker(), random, metrics);
  }
}
