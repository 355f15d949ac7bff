package org.martlet.common.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathHasherTest {
  /// Swift's own values for prefix and suffix `changeme`.
  @ParameterizedTest
  @CsvSource({
    "AUTH_test, , , c8bcccab3ddbfdc34b08e9223f4f5178, 200, 802, 12847, 205555",
    "AUTH_test, c, , 0f65ef68c2db3f0768374d15c9a14cae, 15, 61, 985, 15767",
    "AUTH_test, c, o, 4e2772c453cbe15a19b26fbfbb223e31, 78, 312, 5001, 80029",
    "AUTH_test, c, dir/ü, d729f0c0014096eab5a014bde3f0aadb, 215, 860, 13770, 220327"
  })
  void hashesAsSwiftDoes(
      String account,
      String container,
      String object,
      String md5,
      int p8,
      int p10,
      int p14,
      int p18) {
    ObjectHash hash =
        new PathHasher("changeme", "changeme").hash(new ObjectPath(account, container, object));
    assertThat(hash).hasToString(md5);
    assertThat(ObjectHash.parse(md5)).isEqualTo(hash);
    assertThat(hash.partition(8).value()).isEqualTo(p8);
    assertThat(hash.partition(10).value()).isEqualTo(p10);
    assertThat(hash.partition(14).value()).isEqualTo(p14);
    assertThat(hash.partition(18).value()).isEqualTo(p18);
    assertThat(hash.partition(0).value()).isZero();
  }

  @Test
  void refusesToHashWithoutASecret() {
    assertThatThrownBy(() -> new PathHasher("", "")).isInstanceOf(IllegalArgumentException.class);
  }
}
