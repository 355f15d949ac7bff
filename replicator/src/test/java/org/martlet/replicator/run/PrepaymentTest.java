package org.martlet.replicator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrepaymentTest {
  private static final int CHUNK = 64 << 10;

  private final List<Long> payments = new ArrayList<>();

  @Test
  void paysForManyChunksAtOnceAndForNoMoreThanThereIs() throws ReplicaFault {
    long total = 2 * Prepayment.PIECE + 3 * CHUNK + 7;
    Prepayment prepayment = new Prepayment(payments::add, total);
    for (long left = total; left > 0; left -= CHUNK) {
      prepayment.use(Math.min(left, CHUNK));
    }
    assertThat(payments).containsExactly(Prepayment.PIECE, Prepayment.PIECE, 3L * CHUNK + 7);
  }

  @Test
  void whatIsLongerThanAnnouncedIsPaidForToo() throws ReplicaFault {
    Prepayment prepayment = new Prepayment(payments::add, 10);
    prepayment.use(4);
    prepayment.use(20);
    prepayment.use(3 * Prepayment.PIECE);
    assertThat(payments).containsExactly(10L, 14L, 3 * Prepayment.PIECE);
  }
}
