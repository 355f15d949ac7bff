package org.martlet.common.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.ByteSize;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.PartitionId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a ring takes of the heap, by the live objects in it before and after.
class RingMemoryIT {
  private static final Logger LOG = LoggerFactory.getLogger(RingMemoryIT.class);
  private static final long LIMIT = ByteSize.ofMiB(40).bytes();
  private static final int PART_POWER = 22;
  private static final int DEVICES = 1000;

  private static List<RingDevice> devices() {
    List<RingDevice> devices = new ArrayList<>();
    for (int id = 0; id < DEVICES; id++) {
      devices.add(RingsForTests.device(id, 1, id % 5, "10.0." + id % 5 + "." + id / 50));
    }
    return devices;
  }

  private static Ring ring() {
    int[][] rows = new int[3][1 << PART_POWER];
    for (int part = 0; part < 1 << PART_POWER; part++) {
      for (int row = 0; row < 3; row++) {
        rows[row][part] = (part * 7 + row * 333) % DEVICES;
      }
    }
    return Ring.of(PART_POWER, devices(), rows, 1);
  }

  @Test
  void fourMillionPartitionsWithThreeReplicasAreUnderFortyMebibytes() throws JMException {
    long before = liveBytes();
    Ring ring = ring();
    long bytes = liveBytes() - before;
    LOG.info("a ring of 2^{} x 3 takes {} KiB of the heap", PART_POWER, bytes / 1024);
    assertThat(bytes).isBetween(3L * 2 << PART_POWER, LIMIT);
    assertThat(ring.primaries(new PartitionId(1)))
        .extracting(RingDevice::id)
        .containsExactly(new DeviceId(7), new DeviceId(340), new DeviceId(673));
  }

  /// Bytes of all objects that are reachable: the JVM counts them after a full collection.
  private static long liveBytes() throws JMException {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    Matcher total = Pattern.compile("(?m)^Total +\\d+ +(\\d+)").matcher(histogram);
    assertThat(total.find()).as(histogram).isTrue();
    return Long.parseLong(total.group(1));
  }
}
