package org.martlet.replicator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackgroundShareTest {
  private long requests;
  private double load;
  private long nanos = Long.MAX_VALUE - 1_000;
  private final BackgroundShare share =
      new BackgroundShare(0.1, () -> requests, () -> load, () -> nanos);

  /// So many looks later, with clients' requests in between or not.
  private double after(int looks, boolean clients) {
    double last = 0;
    for (int i = 0; i < looks; i++) {
      requests += clients ? 1 : 0;
      nanos += BackgroundShare.LOOK.toNanos();
      last = share.getAsDouble();
    }
    return last;
  }

  @Test
  void itIsTheWholeWhereNobodyAsksForAnythingHoweverBusyTheMachineIs() {
    load = 1;
    assertThat(after(50, false)).isEqualTo(1);
  }

  @Test
  void itIsTheWholeBesideClientsWhereThereIsRoom() {
    load = 0.5;
    assertThat(after(50, true)).isEqualTo(1);
  }

  @Test
  void besideClientsOnABusyMachineItFallsToTheLeastWithinASecond() {
    load = 0.95;
    assertThat(after(1, true)).isEqualTo(0.5);
    assertThat(after(4, true)).isEqualTo(0.1);
    assertThat(after(100, true)).isEqualTo(0.1);
  }

  @Test
  void itComesBackSlowlyBesideClientsAndFastWithoutThem() {
    load = 1;
    after(10, true);
    load = 0.6;
    assertThat(after(5, true)).isBetween(0.25, 0.35);
    assertThat(after(10, true)).isEqualTo(1);
    load = 1;
    after(10, true);
    assertThat(after(4, false)).isEqualTo(1);
  }

  @Test
  void betweenRoomAndBusyItStays() {
    load = 1;
    after(2, true);
    load = 0.8;
    assertThat(after(30, true)).isEqualTo(0.25);
  }

  @Test
  void itLooksAgainOnlyAfterAWhile() {
    load = 1;
    double first = after(1, true);
    requests++;
    nanos += BackgroundShare.LOOK.toNanos() - 1;
    assertThat(share.getAsDouble()).isEqualTo(first);
  }

  @Test
  void whatBeginsAfterAPauseBesideClientsBeginsWithTheLeast() {
    load = 0;
    requests++;
    nanos += Duration.ofMinutes(1).toNanos();
    assertThat(share.getAsDouble()).isEqualTo(0.1);
  }

  @Test
  void whereTheLoadIsNotKnownItIsTheWhole() {
    load = -1;
    assertThat(after(50, true)).isEqualTo(1);
  }

  @Test
  void aShareOfNothingIsRefused() {
    assertThatThrownBy(() -> new BackgroundShare(0, () -> 0, () -> 0, () -> 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
