package org.martlet.e2e.chaos;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Clients that write, overwrite, delete and read without a pause, each its own objects, so that it
/// knows what every answer has to be. An answer that is not as it has to be is a failure; nothing
/// is tried again.
///
/// Threads: its own, and one that asks.
final class SteadyLoad implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 60_000;
  private static final int LARGE = 200_000;
  private static final byte[] NOTHING = new byte[0];

  private final ProxyClient proxy;
  private final String container;
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger done = new AtomicInteger();
  private final List<Worker> workers = new ArrayList<>();
  private volatile boolean stopped;

  private SteadyLoad(ProxyClient proxy, String container) {
    this.proxy = proxy;
    this.container = container;
  }

  static SteadyLoad start(String url, String container, int clients) throws IOException {
    SteadyLoad load = new SteadyLoad(new ProxyClient(url), container);
    load.proxy.send("PUT", "/" + container, NOTHING);
    for (int n = 0; n < clients; n++) {
      load.workers.add(load.new Worker(n));
    }
    load.workers.forEach(worker -> worker.thread.start());
    return load;
  }

  /// Waits until so many more operations are over.
  void awaitMore(int operations) {
    int wanted = done.get() + operations;
    if (!Pause.until(PATIENCE_MILLIS, () -> done.get() >= wanted)) {
      throw new AssertionError("only " + done + " of " + wanted + " operations: " + failures);
    }
  }

  /// Ends it; what was written stays known.
  void stop() {
    stopped = true;
    for (Worker worker : workers) {
      try {
        worker.thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
    }
  }

  /// What was not as it had to be.
  List<String> failures() {
    return List.copyOf(failures);
  }

  /// Reads everything once more, after [#stop].
  void readAll() {
    for (Worker worker : workers) {
      worker.known.forEach((name, version) -> worker.step("read " + name, () -> worker.read(name)));
    }
  }

  int objects() {
    return workers.stream().mapToInt(worker -> worker.known.size()).sum();
  }

  @Override
  public void close() {
    stop();
  }

  private interface Step {
    String run() throws IOException;
  }

  private final class Worker {
    /// Which version of an object is there; 0: it was deleted.
    private final Map<String, Integer> known = new TreeMap<>();

    private final List<String> names = new ArrayList<>();
    private final int number;
    private final Random random;
    private final Thread thread;
    private int versions;

    Worker(int number) {
      this.number = number;
      this.random = new Random(number);
      this.thread = Thread.ofPlatform().name("client-" + number).unstarted(this::run);
    }

    private void run() {
      while (!stopped) {
        int kind = random.nextInt(10);
        String name = names.isEmpty() ? "" : names.get(random.nextInt(names.size()));
        if (kind < 4 || names.isEmpty()) {
          String fresh = number + "-" + names.size();
          names.add(fresh);
          step("put " + fresh, () -> put(fresh));
        } else if (kind < 6) {
          step("overwrite " + name, () -> put(name));
        } else if (kind < 7 && known.get(name) != 0) {
          step("delete " + name, () -> delete(name));
        } else {
          step("read " + name, () -> read(name));
        }
        done.incrementAndGet();
      }
    }

    private void step(String what, Step step) {
      try {
        String failure = step.run();
        if (!failure.isEmpty()) {
          failures.add(what + ": " + failure);
        }
      } catch (IOException e) {
        failures.add(what + ": " + e);
      }
    }

    private String put(String name) throws IOException {
      int version = ++versions;
      int status = proxy.send("PUT", path(name), body(name, version)).statusCode();
      known.put(name, version);
      return status == 201 ? "" : "" + status;
    }

    private String delete(String name) throws IOException {
      int status = proxy.send("DELETE", path(name), NOTHING).statusCode();
      known.put(name, 0);
      return status == 204 ? "" : "" + status;
    }

    /// The newest, since a replica may be a moment behind the acknowledgement.
    private String read(String name) throws IOException {
      HttpResponse<byte[]> answer = proxy.send("GET", path(name), NOTHING, "X-Newest", "true");
      int version = known.get(name);
      boolean right =
          version == 0
              ? answer.statusCode() == 404
              : answer.statusCode() == 200 && Arrays.equals(answer.body(), body(name, version));
      return right ? "" : answer.statusCode() + " where version " + version + " was";
    }

    private String path(String name) {
      return "/" + container + "/" + name;
    }

    private byte[] body(String name, int version) {
      Random content = new Random(31L * name.hashCode() + version);
      byte[] bytes = new byte[content.nextInt(20) == 0 ? LARGE : content.nextInt(5000)];
      content.nextBytes(bytes);
      return bytes;
    }
  }
}
