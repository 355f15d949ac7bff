package org.martlet.common.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.martlet.common.model.ByteSize;

class KeyValueConfigTest {
  @Test
  void refusesWhatCannotWork() {
    assertThat(KeyValueConfig.DEFAULT.cache()).isEqualTo(ByteSize.ofMiB(256));
    assertThatThrownBy(() -> new KeyValueConfig(ByteSize.ofMiB(8), ByteSize.ofMiB(8), 2, 64))
        .hasMessageContaining("must be smaller than the cache");
    assertThatThrownBy(() -> new KeyValueConfig(ByteSize.ofMiB(8), ByteSize.ofKiB(8), 2, 64))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new KeyValueConfig(ByteSize.ofMiB(8), ByteSize.ofMiB(4), 1, 64))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new KeyValueConfig(ByteSize.ofMiB(8), ByteSize.ofMiB(4), 2, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> KeyValueFamily.forPoints("default"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
