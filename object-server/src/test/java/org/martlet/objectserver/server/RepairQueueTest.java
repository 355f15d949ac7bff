package org.martlet.objectserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.ObjectHash;
import org.martlet.objectserver.server.RepairQueue.Reason;
import org.martlet.objectserver.server.RepairQueue.Repair;
import org.martlet.objectserver.state.ObjectKey;

class RepairQueueTest {
  private final RepairQueue queue = new RepairQueue(1_700_000_000_000L);

  private static ObjectKey key(long n) {
    return ObjectKey.whole(0, new ObjectHash(n, n));
  }

  private static List<Long> objects(List<Repair> repairs) {
    return repairs.stream().map(repair -> repair.key().hash().high()).toList();
  }

  @Test
  void tellsOldestFirstUntilTheyAreConfirmed() {
    for (long n = 1; n <= 5; n++) {
      queue.add(key(n), Reason.MISSED);
    }
    List<Repair> first = queue.after(0, 3);
    assertThat(objects(first)).containsExactly(1L, 2L, 3L);
    assertThat(queue.after(0, 3)).as("not confirmed").isEqualTo(first);
    assertThat(objects(queue.after(first.get(1).id(), 9))).containsExactly(3L, 4L, 5L);
    assertThat(queue.size()).isEqualTo(3);
  }

  @Test
  void anObjectIsInItOnceWithTheGravestReason() {
    queue.add(key(1), Reason.MISSED);
    queue.add(key(2), Reason.MISSED);
    queue.add(key(1), Reason.DAMAGED);
    queue.add(key(1), Reason.HANDOFF);
    List<Repair> all = queue.after(0, 9);
    assertThat(objects(all)).containsExactly(1L, 2L);
    assertThat(all.getFirst().reason()).isEqualTo(Reason.DAMAGED);
  }

  @Test
  void whatIsNotedAfterItWasHandedOutOutlivesTheConfirmation() {
    queue.add(key(1), Reason.HANDOFF);
    long handedOut = queue.after(0, 9).getFirst().id();
    queue.add(key(1), Reason.HANDOFF);
    assertThat(queue.size()).isEqualTo(2);
    assertThat(objects(queue.after(handedOut, 9))).containsExactly(1L);
    assertThat(queue.size()).isEqualTo(1);
  }

  @Test
  void isBoundedAndCountsWhatItHadNoRoomFor() {
    for (long n = 0; n < RepairQueue.LIMIT + 7; n++) {
      queue.add(key(n), Reason.MISSED);
    }
    assertThat(queue.size()).isEqualTo(RepairQueue.LIMIT);
    assertThat(queue.dropped()).isEqualTo(7);
    queue.add(key(3), Reason.DAMAGED);
    assertThat(queue.after(0, 5).get(3).reason()).isEqualTo(Reason.DAMAGED);
  }

  @Test
  void idsOfALaterStartAreAboveThoseOfAnEarlierOne() {
    queue.add(key(1), Reason.MISSED);
    RepairQueue later = new RepairQueue(1_700_000_001_000L);
    later.add(key(2), Reason.MISSED);
    long confirmed = queue.after(0, 1).getFirst().id();
    assertThat(objects(later.after(confirmed, 1))).containsExactly(2L);
  }
}
