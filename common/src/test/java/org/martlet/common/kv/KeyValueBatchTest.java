package org.martlet.common.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class KeyValueBatchTest {
  private static final KeyValueFamily NEAR = KeyValueFamily.forPoints("near");
  private static final KeyValueFamily FAR = KeyValueFamily.forScans("far");

  private static KeyValueBatch batch() {
    return new KeyValueBatch(family -> family.equals(NEAR) ? 1 : 300);
  }

  private static List<String> changes(KeyValueBatch batch) {
    List<String> changes = new ArrayList<>();
    batch.forEach((tag, id, first, second) -> changes.add(describe(tag, id, first, second)));
    return changes;
  }

  private static String describe(byte tag, int id, byte[] first, byte[] second) {
    return tag + " " + id + " " + hex(first) + " " + hex(second);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] bytes(Random random, int max) {
    byte[] bytes = new byte[random.nextInt(max)];
    random.nextBytes(bytes);
    return bytes;
  }

  /// The layout is RocksDB's: `WriteBatch::rep_` in `db/write_batch.cc`.
  @Example
  void isEncodedAsRocksWritesIt() {
    KeyValueBatch batch =
        batch()
            .put(NEAR, new byte[] {0x0a}, new byte[] {0x0b, 0x0c})
            .delete(FAR, new byte[] {0x0d})
            .deleteRange(NEAR, new byte[] {1}, new byte[] {2});

    assertThat(hex(batch.encoded()))
        .isEqualTo(
            "0000000000000000" + "03000000" + "0501010a020b0c" + "04ac02010d" + "0e0101010102");
    assertThat(batch.sizeBytes()).isEqualTo(30);
  }

  @Property(tries = 200)
  void givesBackWhatWasPutIn(@ForAll long seed) {
    Random random = new Random(seed);
    KeyValueBatch batch = batch();
    for (int round = 0; round < 2; round++) {
      List<String> expected = new ArrayList<>();
      batch.clear();
      for (int i = random.nextInt(30); i > 0; i--) {
        KeyValueFamily family = random.nextBoolean() ? NEAR : FAR;
        int id = family.equals(NEAR) ? 1 : 300;
        byte[] key = bytes(random, 400);
        if (random.nextBoolean()) {
          byte[] value = bytes(random, 20_000);
          batch.put(family, key, value);
          expected.add(describe(KeyValueBatch.PUT, id, key, value));
        } else {
          batch.delete(family, key);
          expected.add(describe(KeyValueBatch.DELETE, id, key, new byte[0]));
        }
      }
      assertThat(changes(batch)).isEqualTo(expected);
      assertThat(changes(batch.copy())).isEqualTo(expected);
      assertThat(batch.count()).isEqualTo(expected.size());
      assertThat(batch.encoded()).hasSize(batch.sizeBytes());
    }
  }

  @Example
  void isLeftAloneByAChangeThatItRefuses() {
    KeyValueBatch batch =
        new KeyValueBatch(
            family -> {
              throw new IllegalArgumentException("no such family");
            });

    assertThatThrownBy(() -> batch.put(NEAR, new byte[1], new byte[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(batch.isEmpty()).isTrue();
    assertThat(batch.sizeBytes()).isEqualTo(KeyValueBatch.HEADER_BYTES);
  }
}
