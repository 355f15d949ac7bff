package org.martlet.proxyserver.backend;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingHolder;

/// A read looks wherever a write may have gone, whoever was limited then and is now.
class NodeIteratorTest {
  private static final int PART_POWER = 3;
  private static final int REPLICAS = 3;
  private static final int PER_REPLICA = 2;

  private final List<RingDevice> devices = new ArrayList<>();

  private Ring ring(Random random, int version) {
    int[][] rows = new int[REPLICAS][1 << PART_POWER];
    for (int p = 0; p < 1 << PART_POWER; p++) {
      List<Integer> ids = new ArrayList<>(devices.stream().map(d -> d.id().value()).toList());
      Collections.shuffle(ids, random);
      for (int row = 0; row < REPLICAS; row++) {
        rows[row][p] = ids.get(row);
      }
    }
    return Ring.of(PART_POWER, devices, rows, version);
  }

  private static ErrorLimiter limiting(List<RingDevice> some) {
    ErrorLimiter limiter = new ErrorLimiter(10, Duration.ofMinutes(1), () -> Instant.EPOCH);
    some.forEach(limiter::unusable);
    return limiter;
  }

  private List<RingDevice> some(Random random) {
    return devices.stream().filter(device -> random.nextInt(3) == 0).toList();
  }

  private static Set<String> all(NodeIterator nodes) {
    List<String> keys = new ArrayList<>();
    for (Optional<BackendNode> node = nodes.next(); node.isPresent(); node = nodes.next()) {
      keys.add(BackendNode.key(node.get().device()));
    }
    assertThat(keys).doesNotHaveDuplicates();
    return keys.stream().collect(Collectors.toSet());
  }

  @Property(tries = 300)
  void everyDeviceOfAWriteIsAmongThoseOfALaterRead(
      @ForAll long seed, @ForAll @IntRange(min = 3, max = 20) int count) {
    Random random = new Random(seed);
    devices.clear();
    for (int id = 0; id < count; id++) {
      devices.add(
          RingDevice.of(new DeviceId(id), 1, id % 4, "10.0.0." + id % 7, 6200, "d" + id, 100));
    }
    RingHolder rings = new RingHolder(ring(random, 1));
    ObjectHash hash = new ObjectHash(random.nextLong(), random.nextLong());
    Set<String> written =
        all(NodeIterator.forChange(Placement.of(rings, hash), limiting(some(random)), PER_REPLICA));
    assertThat(written).hasSizeBetween(REPLICAS, REPLICAS * PER_REPLICA);
    boolean changes = random.nextBoolean();
    if (changes) {
      rings.replace(ring(random, 2));
    }
    ReadOrder order = new ReadOrder(Ticker.systemTicker(), () -> random);
    Set<String> read =
        all(
            NodeIterator.forRead(
                Placement.of(rings, hash), limiting(some(random)), PER_REPLICA, order));
    assertThat(read).containsAll(written);
    assertThat(read).hasSizeLessThanOrEqualTo(REPLICAS * PER_REPLICA * (changes ? 2 : 1));
  }
}
