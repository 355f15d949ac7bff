package org.martlet.replicator.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;

/// What background work of one node may use in all: bytes and requests per second, and nothing
/// while it is paused.
///
/// Beside busy clients only a share of both is there. Who takes more than there is goes into debt,
/// and the next one waits until it is paid: over any time the rate is kept. Bursts are at most a
/// tenth of a second's worth, one item, and the answers that come meanwhile and are owed ([#owe]).
/// Who came first goes first.
///
/// - Threads: any; [#take] blocks.
public final class Budget {
  private static final Duration CHECK = Duration.ofMillis(200);

  /// How to wait.
  public interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
  }

  /// Why somebody waits.
  public enum Waiting {
    NOT,
    PAUSED,
    FOR_BYTES,
    FOR_REQUESTS,
    FOR_CLIENTS
  }

  private final Bucket bytes;
  private final Bucket requests;
  private final DoubleSupplier share;
  private volatile double lastShare = 1;
  private final InstantSource clock;
  private final Sleeper sleeper;
  private volatile boolean paused;
  private volatile boolean stopped;
  private volatile Waiting waiting = Waiting.NOT;

  /// @param bytesPerSecond 0 for any number
  /// @param requestsPerSecond 0 for any number
  /// @param share of both that may be used now: over 0, at most 1; see [BackgroundShare]
  public Budget(
      long bytesPerSecond,
      long requestsPerSecond,
      DoubleSupplier share,
      InstantSource clock,
      Sleeper sleeper) {
    this.bytes = new Bucket(bytesPerSecond, clock.instant());
    this.requests = new Bucket(requestsPerSecond, clock.instant());
    this.share = share;
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /// Waits until one request may be sent.
  ///
  /// @throws ReplicaFault of kind STOPPED
  public void takeRequest() throws ReplicaFault {
    take(requests, 1, Waiting.FOR_REQUESTS);
  }

  /// Waits until bytes may be sent, or until bytes that have come are paid for.
  ///
  /// @throws ReplicaFault of kind STOPPED
  public void takeBytes(long count) throws ReplicaFault {
    if (count > 0) {
      take(bytes, count, Waiting.FOR_BYTES);
    }
  }

  /// Counts bytes that have come, without waiting: who is next waits.
  public void owe(long count) {
    bytes.owe(count);
  }

  /// Puts other rates in force, also for who waits.
  ///
  /// @param bytesPerSecond 0 for any number
  /// @param requestsPerSecond 0 for any number
  public void set(long bytesPerSecond, long requestsPerSecond) {
    bytes.set(bytesPerSecond);
    requests.set(requestsPerSecond);
  }

  public void pause() {
    paused = true;
  }

  public void resume() {
    paused = false;
  }

  public boolean isPaused() {
    return paused;
  }

  /// Ends all waiting, now and later, with a fault.
  public void stop() {
    stopped = true;
  }

  public boolean isStopped() {
    return stopped;
  }

  /// The share of it that was there for who took last: over 0, at most 1. Asking changes nothing.
  public double lastShare() {
    return lastShare;
  }

  /// Why somebody waits now.
  public Waiting waiting() {
    return paused ? Waiting.PAUSED : waiting;
  }

  private void take(Bucket bucket, long amount, Waiting reason) throws ReplicaFault {
    try {
      bucket.turn.lockInterruptibly();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    try {
      takeInTurn(bucket, amount, reason);
    } finally {
      bucket.turn.unlock();
    }
  }

  private void takeInTurn(Bucket bucket, long amount, Waiting reason) throws ReplicaFault {
    while (true) {
      if (stopped) {
        throw new ReplicaFault(ReplicaFault.Kind.STOPPED, "the replicator is stopping");
      }
      double now = share.getAsDouble();
      lastShare = now;
      Duration wait = paused ? CHECK : bucket.take(amount, now, clock.instant());
      if (wait.isZero()) {
        return;
      }
      waiting = now < 1 ? Waiting.FOR_CLIENTS : reason;
      sleep(wait.compareTo(CHECK) < 0 ? wait : CHECK);
      waiting = Waiting.NOT;
    }
  }

  private void sleep(Duration duration) throws ReplicaFault {
    try {
      sleeper.sleep(duration);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static ReplicaFault interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new ReplicaFault(ReplicaFault.Kind.STOPPED, "interrupted while waiting", e);
  }

  /// Tokens that come at a rate.
  private static final class Bucket {
    private static final double NANOS = 1e9;
    private static final double BURST_SECONDS = 0.1;
    private final ReentrantLock turn = new ReentrantLock(true);
    private double perSecond;
    private double tokens;
    private Instant filled;

    Bucket(long perSecond, Instant now) {
      this.perSecond = checked(perSecond);
      this.tokens = most(this.perSecond);
      this.filled = now;
    }

    private static long checked(long perSecond) {
      if (perSecond < 0) {
        throw new IllegalArgumentException("a rate is negative: " + perSecond);
      }
      return perSecond;
    }

    /// What is owed stays owed.
    synchronized void set(long rate) {
      perSecond = checked(rate);
      tokens = perSecond == 0 ? most(0) : Math.min(tokens, most(perSecond));
    }

    private static double most(double rate) {
      return Math.max(1, rate * BURST_SECONDS);
    }

    /// Takes if there is no debt; else tells when to ask again.
    synchronized Duration take(long amount, double share, Instant now) {
      if (perSecond == 0) {
        return Duration.ZERO;
      }
      double rate = perSecond * share;
      fill(rate, now);
      if (tokens > 0) {
        tokens -= amount;
        return Duration.ZERO;
      }
      return Duration.ofNanos(1 + (long) ((1 - tokens) / rate * NANOS));
    }

    synchronized void owe(long amount) {
      tokens -= perSecond == 0 ? 0 : amount;
    }

    /// A clock that goes back brings nothing, one that leaps brings a second's worth.
    private void fill(double rate, Instant now) {
      double seconds = Duration.between(filled, now).toNanos() / NANOS;
      filled = now;
      tokens = Math.min(most(rate), tokens + rate * Math.clamp(seconds, 0, 1));
    }
  }
}
