package org.martlet.objectserver.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.martlet.objectserver.volume.RecordLocation;

class VolumeUseTest {
  private static VolumeUse ofGone(int volume, int oldest) {
    RecordLocation at = new RecordLocation(volume, 2048, 72, 64);
    IndexEntry gone = IndexEntry.gone(5, at, oldest);
    Map<VolumeUse, Long> uses = new HashMap<>();
    VolumeUse.of(gone, uses::put);
    assertThat(uses).hasSize(1).containsValue(72L);
    return uses.keySet().iterator().next();
  }

  @Property(tries = 300)
  void aGoneRecordReachesAtLeastToTheOldestVolumeOfItsKey(
      @ForAll @IntRange(min = 1) int a, @ForAll @IntRange(min = 1) int b) {
    int volume = Math.max(a, b);
    int oldest = Math.min(a, b);
    VolumeUse use = ofGone(volume, oldest);
    assertThat(use.isLive()).isFalse();
    assertThat(use.oldest()).isPositive().isLessThanOrEqualTo(oldest);
    assertThat((long) volume - use.oldest())
        .as("and to less than twice as far")
        .isLessThanOrEqualTo(2L * (volume - oldest));
  }

  @Test
  void aGoneRecordWithoutAnOlderVolumeReachesToItsOwn() {
    assertThat(ofGone(7, 7).oldest()).isEqualTo(7);
    assertThat(ofGone(7, 6).oldest()).isEqualTo(6);
  }

  @Property(tries = 100)
  void aKeyIsReadAsItWasWritten(
      @ForAll @IntRange(min = 1) int volume, @ForAll @IntRange(min = -1, max = 32) int reach) {
    VolumeUse use = new VolumeUse(volume, reach);
    ByteBuffer key = ByteBuffer.wrap(use.key());
    assertThat(VolumeUse.read(key.get(), key)).isEqualTo(use);
  }
}
