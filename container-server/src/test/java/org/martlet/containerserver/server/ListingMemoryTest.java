package org.martlet.containerserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.martlet.common.http.Bodies;
import org.martlet.common.http.Body;
import org.martlet.common.http.Refused;

/// Listings take memory within one budget, from their first entry until they are sent.
class ListingMemoryTest {
  private static final int BUDGET = 1 << 20;
  private final ListingMemory memory = new ListingMemory(BUDGET);

  private static void assertBusy(Runnable listing) {
    assertThatThrownBy(listing::run)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.status()).isEqualTo(503));
  }

  @Test
  void aListingIsRefusedBeforeItHasTakenMoreThanThereIs() {
    try (ListingMemory.Share first = memory.share();
        ListingMemory.Share second = memory.share()) {
      first.add(100_000);
      first.add(100_000);
      assertThat(memory.left()).isLessThan(BUDGET - 4 * 200_000);
      assertBusy(() -> second.add(100_000));
    }
    assertThat(memory.left()).isEqualTo(BUDGET);
  }

  @Test
  void aListingOfManySmallEntriesIsRefusedInTheMiddle() {
    try (ListingMemory.Share share = memory.share()) {
      assertBusy(
          () -> {
            for (int i = 0; i < 10_000; i++) {
              share.add(60);
            }
          });
    }
    assertThat(memory.left()).isEqualTo(BUDGET);
  }

  @Test
  void aListingThatIsSentHoldsItsOwnSizeUntilItsEnd() throws Exception {
    Body body;
    try (ListingMemory.Share share = memory.share()) {
      share.add(1_000);
      body = share.body(new byte[100_000]);
    }
    assertThat(memory.left()).isEqualTo(BUDGET - 100_000);
    assertThat(Bodies.readAll(body, BUDGET).get(20, TimeUnit.SECONDS)).hasSize(100_000);
    assertThat(memory.left()).isEqualTo(BUDGET);
    Body unread = memory.share().body(new byte[100_000]);
    unread.close();
    assertThat(memory.left()).isEqualTo(BUDGET);
  }
}
