package org.martlet.e2e.chaos;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.martlet.e2e.chaos.ObjectTruth.Change;
import org.martlet.e2e.chaos.ObjectTruth.Outcome;
import org.martlet.e2e.chaos.ObjectTruth.State;

/// One client: one operation after the other on objects of its own, and reads of everybody's.
final class Client {
  private static final byte[] NOTHING = new byte[0];
  private static final int UNSENT_MILLIS = 200;

  private final int number;
  private final Surroundings to;
  private final Random random;
  private final ObjectReads reads;
  private final Listing listing;

  /// What all clients share.
  record Surroundings(
      ProxyClient proxy, World world, Findings findings, Journal journal, GradeBook grades) {}

  Client(int number, Surroundings to, long seed) {
    this.number = number;
    this.to = to;
    this.random = new Random(seed * 31 + number);
    this.reads = new ObjectReads(to.findings());
    this.listing = new Listing(to.findings());
  }

  /// One operation, drawn by lot.
  void act() {
    List<ObjectTruth> own = to.world().ofClient(number);
    ObjectTruth object = own.get(random.nextInt(own.size()));
    int dice = random.nextInt(100);
    if (dice < 35) {
      change(object, Change.PUT);
    } else if (dice < 47) {
      change(object, Change.POST);
    } else if (dice < 56) {
      change(object, Change.DELETE);
    } else if (dice < 72) {
      read(object, dice < 66);
    } else if (dice < 88) {
      List<ObjectTruth> all = to.world().all();
      readOfAnother(all.get(random.nextInt(all.size())));
    } else if (dice < 94) {
      list("c" + random.nextInt(World.SHARED));
    } else {
      passing();
    }
  }

  void change(ObjectTruth object, Change change) {
    int operation = object.begin(change);
    String what = change + " " + object.container() + "/" + object.name() + " " + operation;
    to.journal().add("begin " + what);
    long began = System.nanoTime();
    int status = -1;
    try {
      status = send(object, change, operation).statusCode();
    } catch (ConnectException e) {
      // The proxy is down: nothing was sent.
      object.end(operation, change, Outcome.NOT_DONE);
      to.journal().add("unsent " + what);
      to.findings().count("unsent");
      Pause.millis(UNSENT_MILLIS);
      return;
    } catch (IOException e) {
      // No answer: it may have happened.
      to.journal().add("lost " + what + " " + e);
    }
    Outcome outcome = outcome(object, change, status, began);
    object.end(operation, change, outcome);
    to.journal().add("end " + what + " " + status + " " + outcome);
    to.findings().count(change + " " + outcome);
  }

  private HttpResponse<byte[]> send(ObjectTruth object, Change change, int operation)
      throws IOException {
    String path = "/" + object.container() + "/" + object.name();
    String number = Integer.toString(operation);
    return switch (change) {
      case PUT ->
          to.proxy()
              .send(
                  "PUT",
                  path,
                  Content.body(object.name(), operation),
                  "Content-Type",
                  Content.type(operation),
                  "X-Object-Meta-Operation",
                  number);
      case POST -> to.proxy().send("POST", path, NOTHING, "X-Object-Meta-Operation", number);
      case DELETE -> to.proxy().send("DELETE", path, NOTHING);
    };
  }

  private Outcome outcome(ObjectTruth object, Change change, int status, long began) {
    int done =
        switch (change) {
          case PUT -> 201;
          case POST -> 202;
          case DELETE -> 204;
        };
    if (status == done) {
      return Outcome.DONE;
    }
    boolean unanswered = status < 0 || status >= 500 || status == 408 || status == 499;
    if (unanswered) {
      to.findings().count("unavailable " + to.grades().worstSince(began));
    } else if (change == Change.PUT || status != 404) {
      to.findings()
          .add(
              "ANSWER",
              change + " " + object.container() + "/" + object.name() + " answered " + status);
    } else if (object.isSurelyThere()) {
      to.findings().count(change + " 404 of what is there");
    }
    return Outcome.UNKNOWN;
  }

  /// Of an object of its own: nobody changes it meanwhile.
  private void read(ObjectTruth object, boolean newest) {
    long began = System.nanoTime();
    Optional<State> found = get(object, newest);
    Grade grade = to.grades().worstSince(began);
    to.findings().count(found.isEmpty() ? "GET unavailable " + grade : "GET answered");
    if (found.isEmpty()) {
      return;
    }
    if (!found.get().isLive() && object.isSurelyThere() && grade != Grade.MANY) {
      to.findings().add("UNREADABLE", name(object) + " is 404, grade " + grade);
    } else if (newest && grade == Grade.CALM && !object.possible().contains(found.get())) {
      to.findings()
          .add("STALE", name(object) + " is " + found.get() + ", may be " + object.possible());
    }
  }

  private void readOfAnother(ObjectTruth object) {
    to.findings().count(get(object, false).isEmpty() ? "GET failed" : "GET answered");
  }

  private Optional<State> get(ObjectTruth object, boolean newest) {
    String path = "/" + object.container() + "/" + object.name();
    try {
      HttpResponse<byte[]> answer =
          newest
              ? to.proxy().send("GET", path, NOTHING, "X-Newest", "true")
              : to.proxy().send("GET", path, NOTHING);
      return reads.state(newest ? "newest" : "proxy", object, answer, true);
    } catch (IOException e) {
      // The connection was cut: a client knows that this is not the body.
      to.findings().count("GET cut");
      return Optional.empty();
    }
  }

  private static String name(ObjectTruth object) {
    return object.container() + "/" + object.name();
  }

  private void list(String container) {
    long began = System.nanoTime();
    try {
      HttpResponse<byte[]> answer =
          to.proxy().send("GET", "/" + container + "?format=json", NOTHING);
      Grade grade = to.grades().worstSince(began);
      if (answer.statusCode() == 200) {
        listing.rows("proxy", container, answer.body(), to.world());
        to.findings().count("list");
      } else if (answer.statusCode() == 404 && grade != Grade.MANY) {
        to.findings().add("UNREADABLE", "container " + container + " is 404, grade " + grade);
      } else {
        to.findings().count("list unavailable " + grade);
      }
    } catch (IOException e) {
      to.findings().count("list cut");
    }
  }

  /// The next thing in the life of a container that comes and goes.
  private void passing() {
    World.Passing own = to.world().passing(number);
    ContainerTruth container = own.container();
    if (!container.isSurelyThere()) {
      container("PUT", container, true);
      return;
    }
    ObjectTruth object = own.objects().get(random.nextInt(own.objects().size()));
    if (object.isSurelyGone() && random.nextBoolean()) {
      change(object, Change.PUT);
    } else if (!object.isSurelyGone()) {
      change(object, Change.DELETE);
    } else if (own.objects().stream().allMatch(ObjectTruth::isSurelyGone)) {
      container("DELETE", container, false);
    }
  }

  private void container(String method, ContainerTruth container, boolean there) {
    to.journal().add("begin " + method + " " + container.name());
    int status = -1;
    try {
      status = to.proxy().send(method, "/" + container.name(), NOTHING).statusCode();
    } catch (IOException e) {
      to.journal().add("lost " + method + " " + container.name() + " " + e);
    }
    Outcome outcome =
        switch (status) {
          case 201, 202, 204 -> Outcome.DONE;
          case 409 -> Outcome.NOT_DONE;
          default -> Outcome.UNKNOWN;
        };
    container.end(there, outcome);
    to.journal().add("end " + method + " " + container.name() + " " + status + " " + outcome);
    to.findings().count("container " + method + " " + outcome);
  }
}
