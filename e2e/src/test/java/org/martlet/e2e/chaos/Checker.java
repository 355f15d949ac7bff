package org.martlet.e2e.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// The process that writes, reads and judges: it has the history and breaks nothing.
///
/// Commands come on standard input, one a line: `grade NAME`, `pause`, `resume`, `verify-newest`,
/// `read-copies`, `verify-copies`, `verify-listings`, `figures`, `quit`. Each is answered with a
/// line that begins with `done`; findings come in between, as `finding …`.
final class Checker {
  private static final long THINK_MILLIS = 4;

  private final Client.Surroundings shared;
  private final Verification verification;
  private final ReentrantReadWriteLock running = new ReentrantReadWriteLock(true);
  private final List<Thread> clients = new ArrayList<>();
  private volatile boolean ended;

  private Checker(Client.Surroundings shared, Path rings) {
    this.shared = shared;
    this.verification = new Verification(shared.proxy(), shared.world(), shared.findings(), rings);
  }

  /// Arguments: URL of the proxy, directory of the rings, file for the history, seed, clients,
  /// objects of each client.
  public static void main(String[] arguments) throws IOException {
    int clients = Integer.parseInt(arguments[4]);
    World world = new World(clients, Integer.parseInt(arguments[5]));
    try (Journal journal = new Journal(Path.of(arguments[2]))) {
      Client.Surroundings shared =
          new Client.Surroundings(
              new ProxyClient(arguments[0]),
              world,
              new Findings(System.out),
              journal,
              new GradeBook(Grade.CALM));
      Checker checker = new Checker(shared, Path.of(arguments[1]));
      checker.begin(clients, Long.parseLong(arguments[3]));
      checker.obey(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
    }
  }

  private void begin(int count, long seed) throws IOException {
    for (int i = 0; i < World.SHARED; i++) {
      int status = shared.proxy().send("PUT", "/c" + i, new byte[0]).statusCode();
      if (status / 100 != 2) {
        throw new IOException("PUT of container c" + i + " answered " + status);
      }
    }
    running.writeLock().lock();
    for (int number = 0; number < count; number++) {
      Client client = new Client(number, shared, seed);
      clients.add(Thread.ofPlatform().daemon().name("client-" + number).start(() -> run(client)));
    }
    shared.findings().say("done begin");
  }

  private void run(Client client) {
    Lock turn = running.readLock();
    while (!ended) {
      turn.lock();
      try {
        client.act();
      } catch (RuntimeException | Error e) {
        shared.findings().add("CHECKER", "a client ends: " + e);
        throw e;
      } finally {
        turn.unlock();
      }
      Pause.millis(THINK_MILLIS);
    }
  }

  /// This thread alone locks and unlocks against the clients.
  private void obey(BufferedReader commands) throws IOException {
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] words = line.split(" ", 2);
      switch (words[0]) {
        case "grade" -> shared.grades().set(Grade.valueOf(words[1]));
        case "pause" -> running.writeLock().lock();
        case "resume" -> running.writeLock().unlock();
        case "verify-newest" -> verification.readsAreNewest();
        case "read-copies" -> verification.readCopies();
        case "verify-copies" -> verification.copiesAreEqualAndInPlace();
        case "verify-listings" -> verification.listingsAreTrue();
        case "figures" -> shared.findings().say("figures " + shared.findings().figures());
        default -> ended = true;
      }
      shared.findings().say("done " + words[0]);
      if (ended) {
        return;
      }
    }
  }
}
