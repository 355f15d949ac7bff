package org.martlet.objectserver.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.Timeouts;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.objectserver.outbox.Delivery.Outcome;
import org.martlet.objectserver.server.TestClock;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.store.DueMark;

class ContainerSenderTest {
  private static final Duration BYPASS = Duration.ofSeconds(10);
  private static final OutboxConfig CONFIG =
      new OutboxConfig(
          Duration.ofSeconds(1),
          BYPASS,
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          Duration.ofDays(7),
          new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)),
          3000);

  private record Sent(
      List<UpdateBatch.RowUpdate> updates, CompletableFuture<List<Integer>> answer) {
    int rows() {
      return updates.stream().mapToInt(update -> update.rows().size()).sum();
    }

    void store() {
      answer.complete(Collections.nCopies(updates.size(), 201));
    }
  }

  private final TestClock clock = new TestClock();
  private final ArrayDeque<Sent> sent = new ArrayDeque<>();
  private final List<Delivery> arrived = new ArrayList<>();
  private boolean stopped;
  private boolean broken;
  private final Executor executor =
      task -> {
        if (stopped) {
          throw new RejectedExecutionException("as told");
        }
        task.run();
      };
  private final ContainerSender sender =
      new ContainerSender(
          new ContainerNode(new Endpoint("127.0.0.1", 6201), "c0"),
          CONFIG,
          (node, updates, origins) -> {
            if (broken) {
              throw new IllegalArgumentException("as told");
            }
            Sent request = new Sent(updates, new CompletableFuture<>());
            sent.add(request);
            return request.answer;
          },
          executor,
          clock,
          arrived::addAll);

  private static Delivery delivery(int n) {
    return delivery(n, "o" + n, "c" + n % 2);
  }

  private static Delivery delivery(int n, String name, String container) {
    ListingRow row =
        new ListingRow(
            name, Timestamp.ZERO, Timestamp.ZERO, Timestamp.ZERO, false, 1, "etag", "type", 0);
    ObjectKey key = ObjectKey.whole(0, new ObjectHash(0, n));
    return new Delivery(
        new OutboxDevice("sda", null, Runnable::run),
        new DueMark(key, 0, n),
        ObjectPath.container("a", container),
        row,
        Timestamp.ZERO,
        "tx" + n,
        new CompletableFuture<>());
  }

  private List<Delivery> offer(int from, int to) {
    List<Delivery> offered = new ArrayList<>();
    for (int n = from; n < to; n++) {
      Delivery delivery = delivery(n);
      assertThat(sender.offer(delivery)).isTrue();
      offered.add(delivery);
    }
    return offered;
  }

  private void assertOutcomes(List<Delivery> deliveries, Outcome outcome) {
    assertThat(deliveries).allSatisfy(d -> assertThat(d.done()).isCompletedWithValue(outcome));
  }

  @Test
  void sendsTheFirstAtOnceAndWhatGathersWithTheNext() {
    List<Delivery> all = offer(0, 10);

    Sent first = sent.remove();
    assertThat(first.rows()).isEqualTo(1);
    assertThat(sent).isEmpty();
    first.store();
    Sent second = sent.remove();
    assertThat(second.rows()).isEqualTo(9);
    assertThat(second.updates()).hasSize(2);
    second.store();

    assertThat(sent).isEmpty();
    assertThat(arrived).hasSameElementsAs(all);
    assertOutcomes(all, Outcome.DELIVERED);
  }

  @Test
  void boundsRowsAndBytesOfARequest() {
    offer(0, 2501);
    sent.remove().store();
    assertThat(sent.peek().rows()).isEqualTo(1000);
    sent.remove().store();
    sent.remove().store();
    assertThat(sent.peek().rows()).isEqualTo(500);

    for (int n = 0; n < 1500; n++) {
      sender.offer(delivery(n, "\0".repeat(1024), "c"));
    }
    sent.remove().store();
    Sent large = sent.remove();
    assertThat(large.rows()).isLessThan(1000);
    assertThat(UpdateBatch.encodeRows(large.updates()).length)
        .isLessThanOrEqualTo(UpdateBatch.MAX_BYTES);
  }

  @Test
  void refusesWhenTooManyWait() {
    offer(0, CONFIG.queue() + 1);

    assertThat(sender.offer(delivery(9999))).isFalse();
    assertThat(sender.depth()).isEqualTo(CONFIG.queue());
  }

  @Test
  void tellsRowsOfUnknownContainersFromOthers() {
    List<Delivery> blocker = offer(0, 1);
    List<Delivery> both = offer(10, 12);
    sent.remove().store();
    sent.remove().answer.complete(List.of(201, 404));

    assertOutcomes(blocker, Outcome.DELIVERED);
    assertThat(both.get(0).done()).isCompletedWithValue(Outcome.DELIVERED);
    assertThat(both.get(1).done()).isCompletedWithValue(Outcome.UNKNOWN_CONTAINER);
    assertThat(sender.offer(delivery(20))).as("it answers, so it is not bypassed").isTrue();
  }

  @Test
  void bypassesTheDeviceForATimeAfterAFailure() {
    List<Delivery> all = offer(0, 3);
    sent.remove().answer.completeExceptionally(new IllegalStateException("as told"));

    assertOutcomes(all, Outcome.FAILED);
    assertThat(sender.offer(delivery(5))).isFalse();
    clock.advance(BYPASS);
    assertThat(sender.offer(delivery(5))).isTrue();
  }

  @Test
  void goesOnAfterARequestThatCouldNotBeMade() {
    broken = true;
    List<Delivery> lost = offer(0, 1);
    assertOutcomes(lost, Outcome.FAILED);

    broken = false;
    clock.advance(BYPASS);
    List<Delivery> sentLater = offer(5, 6);
    sent.remove().store();
    assertOutcomes(sentLater, Outcome.DELIVERED);
  }

  @Test
  void goesOnAfterAnAnswerThatCouldNotBeTakenIn() {
    List<Delivery> lost = offer(0, 2);
    List<Integer> answer = new ArrayList<>();
    answer.add(null);
    sent.remove().answer.complete(answer);
    assertOutcomes(lost.subList(0, 1), Outcome.FAILED);

    clock.advance(BYPASS);
    List<Delivery> sentLater = offer(5, 6);
    sent.remove().store();
    assertOutcomes(sentLater, Outcome.DELIVERED);
  }

  @Test
  void waitsLongerFromFailureToFailureBeforeItTriesWhatIsLeftOver() {
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      assertThat(sender.retry(delivery(i))).isTrue();
      sent.remove().answer.completeExceptionally(new IllegalStateException("as told"));
      long waited = 0;
      while (sender.isBackingOff()) {
        clock.advance(Duration.ofSeconds(10));
        waited += 10;
      }
      waits.add(waited);
    }
    assertThat(waits).containsExactly(10L, 20L, 40L, 60L, 60L, 60L);

    assertThat(sender.retry(delivery(9))).isTrue();
    sent.remove().store();
    assertThat(sender.isBackingOff()).isFalse();
  }

  @Test
  void halvesABatchThatIsNotAcceptedUntilTheRowAtFaultIsAlone() {
    List<Delivery> blocker = offer(0, 1);
    List<Delivery> all = offer(1, 101);
    sent.remove().store();
    int requests = 0;
    while (!sent.isEmpty()) {
      Sent request = sent.remove();
      requests++;
      boolean bad =
          request.updates().stream()
              .flatMap(update -> update.rows().stream())
              .anyMatch(row -> row.name().equals("o77"));
      if (bad) {
        request.answer.completeExceptionally(new BatchRejected("it answered 400"));
      } else {
        request.store();
      }
    }

    assertOutcomes(blocker, Outcome.DELIVERED);
    assertThat(all.get(76).done()).isCompletedWithValue(Outcome.REJECTED);
    all.remove(76);
    assertOutcomes(all, Outcome.DELIVERED);
    assertThat(requests).isLessThan(60);
  }

  @Test
  void findsTheRowAtFaultInAnUpdateThatIsRefusedByItself() {
    List<Delivery> blocker = offer(0, 1);
    List<Delivery> all = offer(1, 41);
    sent.remove().store();
    while (!sent.isEmpty()) {
      Sent request = sent.remove();
      request.answer.complete(
          request.updates().stream()
              .map(update -> update.rows().stream().anyMatch(r -> r.name().equals("o7")))
              .map(bad -> bad ? 400 : 201)
              .toList());
    }

    assertOutcomes(blocker, Outcome.DELIVERED);
    assertThat(all.get(6).done()).isCompletedWithValue(Outcome.REJECTED);
    all.remove(6);
    assertOutcomes(all, Outcome.DELIVERED);
    assertThat(sender.offer(delivery(50))).as("it answers, so it is not bypassed").isTrue();
  }

  @Test
  void failsAnAnswerOfTheWrongLengthInsteadOfGuessing() {
    List<Delivery> all = offer(0, 1);
    sent.remove().answer.complete(List.of());

    assertOutcomes(all, Outcome.FAILED);
    assertThat(sender.depth()).isZero();
  }

  @Test
  void letsGoOfEverythingWhenTheServerStops() {
    List<Delivery> all = offer(0, 5);
    stopped = true;
    sent.remove().store();

    assertOutcomes(all, Outcome.FAILED);
    assertThat(arrived).isEmpty();
  }
}
