package org.martlet.proxyserver.backend;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;

class ReadOrderTest {
  private static final int READS = 3200;

  private final AtomicLong now = new AtomicLong(77);
  private final Random random = new Random(5);
  private final ReadOrder order =
      new ReadOrder(
          new Ticker() {
            @Override
            public long read() {
              return now.get();
            }
          },
          () -> random);
  private final List<RingDevice> devices =
      IntStream.range(0, 3)
          .mapToObj(i -> RingDevice.of(new DeviceId(i), 1, i, "10.0.0." + i, 6200, "d" + i, 1))
          .toList();

  @Test
  void devicesThatNobodyKnowsOfShareTheReads() {
    for (RingDevice device : devices) {
      assertThat(timesFirst(device)).isBetween(READS / 4, READS * 5 / 12);
    }
  }

  @Test
  void aSlowDeviceIsAskedFirstOnlyToExplore() {
    allTake(Duration.ofMillis(2));
    observe(0, Duration.ofMillis(40));
    assertThat(timesFirst(devices.get(0))).isBetween(1, READS / 40);
    assertThat(timesFirst(devices.get(1))).isGreaterThan(READS / 3);
  }

  @Test
  void theSlowestComesLast() {
    allTake(Duration.ofMillis(1));
    observe(2, Duration.ofMillis(500));
    observe(1, Duration.ofMillis(50));
    long inOrder = IntStream.range(0, READS).filter(i -> order.of(devices).equals(devices)).count();
    assertThat(inOrder).isGreaterThan(READS * 9L / 10);
  }

  @Test
  void aboutAsFastIsAsGood() {
    allTake(Duration.ofMillis(4));
    observe(1, Duration.ofMillis(9));
    assertThat(timesFirst(devices.get(1))).isBetween(READS / 4, READS * 5 / 12);
  }

  @Test
  void aDeviceThatIsFastAgainIsSoonAskedAgain() {
    allTake(Duration.ofMillis(2));
    observe(0, Duration.ofMillis(300));
    for (int i = 0; i < 30; i++) {
      order.took(devices.get(0), Duration.ofMillis(2).toNanos());
    }
    assertThat(timesFirst(devices.get(0))).isGreaterThan(READS / 4);
  }

  @Test
  void slownessIsForgottenWithoutNews() {
    allTake(Duration.ofMillis(2));
    observe(0, Duration.ofMillis(100));
    now.addAndGet(6 * ReadOrder.HALF_LIFE.toNanos());
    assertThat(timesFirst(devices.get(0))).isGreaterThan(READS / 4);
  }

  @Test
  void failingAtOnceIsNotFast() {
    allTake(Duration.ofMillis(2));
    order.failed(devices.get(1), 10);
    assertThat(timesFirst(devices.get(1))).isLessThan(READS / 40);
  }

  @Property(tries = 200)
  void everyDeviceIsAskedOnceWhateverWasSeen(
      @ForAll @Size(max = 30) List<@IntRange(max = 5000) Integer> millis) {
    for (int i = 0; i < millis.size(); i++) {
      order.took(devices.get(i % 3), Duration.ofMillis(millis.get(i)).toNanos());
    }
    assertThat(order.of(devices)).containsExactlyInAnyOrderElementsOf(devices);
  }

  private void allTake(Duration time) {
    for (int i = 0; i < devices.size(); i++) {
      observe(i, time);
    }
  }

  private void observe(int device, Duration time) {
    for (int i = 0; i < 50; i++) {
      order.took(devices.get(device), time.toNanos());
    }
  }

  private int timesFirst(RingDevice device) {
    return (int)
        IntStream.range(0, READS).filter(i -> order.of(devices).getFirst().equals(device)).count();
  }
}
