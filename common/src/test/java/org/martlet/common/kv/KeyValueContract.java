package org.martlet.common.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What every [KeyValueOpener] and its databases do alike.
abstract class KeyValueContract {
  static final KeyValueFamily POINTS = KeyValueFamily.forPoints("points");
  static final KeyValueFamily ROWS = KeyValueFamily.forScans("rows");
  private static final List<KeyValueFamily> FAMILIES = List.of(POINTS, ROWS);

  abstract KeyValueOpener opener();

  abstract Path directory();

  private KeyValueStore open() throws KeyValueFault {
    return opener().open(directory(), FAMILIES);
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }

  private static void put(KeyValueStore store, WriteMode mode, String... keysAndValues)
      throws KeyValueFault {
    KeyValueBatch batch = store.newBatch();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      batch.put(ROWS, bytes(keysAndValues[i]), bytes(keysAndValues[i + 1]));
    }
    store.write(batch, mode);
  }

  private static String get(KeyValueReader store, String key) throws KeyValueFault {
    return text(store.get(ROWS, bytes(key)));
  }

  private static List<String> keys(KeyValueReader store, KeyRange range) throws KeyValueFault {
    List<String> keys = new ArrayList<>();
    try (KeyValueCursor cursor = store.cursor(ROWS, range)) {
      for (boolean there = cursor.first(); there; there = cursor.next()) {
        keys.add(text(cursor.key()));
      }
    }
    return keys;
  }

  @Test
  void readsBackWhatABatchWroteInEachFamily() throws Exception {
    try (KeyValueStore store = open()) {
      store.write(
          store
              .newBatch()
              .put(POINTS, bytes("k"), bytes("point"))
              .put(ROWS, bytes("k"), bytes("row"))
              .put(ROWS, bytes("empty"), new byte[0]),
          WriteMode.NO_LOG);

      assertThat(text(store.get(POINTS, bytes("k")))).isEqualTo("point");
      assertThat(get(store, "k")).isEqualTo("row");
      assertThat(get(store, "empty")).isEmpty();
      assertThat(get(store, "absent")).isNull();
    }
  }

  @Test
  void appliesTheChangesOfABatchInOrder() throws Exception {
    try (KeyValueStore store = open()) {
      KeyValueBatch batch =
          store
              .newBatch()
              .put(ROWS, bytes("a"), bytes("1"))
              .delete(ROWS, bytes("a"))
              .put(ROWS, bytes("a"), bytes("2"))
              .put(ROWS, bytes("b"), bytes("1"))
              .delete(ROWS, bytes("b"));
      assertThat(batch.count()).isEqualTo(5);
      store.write(batch, WriteMode.LOGGED);

      assertThat(get(store, "a")).isEqualTo("2");
      assertThat(get(store, "b")).isNull();
    }
  }

  @Test
  void takesABatchAgainAfterItWasCleared() throws Exception {
    try (KeyValueStore store = open()) {
      KeyValueBatch batch = store.newBatch().put(ROWS, bytes("a"), bytes("1"));
      store.write(batch, WriteMode.LOGGED);
      batch.clear().put(ROWS, bytes("b"), bytes("2"));
      put(store, WriteMode.LOGGED, "a", "later");
      store.write(batch, WriteMode.LOGGED);

      assertThat(get(store, "a")).isEqualTo("later");
      assertThat(get(store, "b")).isEqualTo("2");
      store.write(batch.clear(), WriteMode.SYNCED);
    }
  }

  @Test
  void takesLongKeysAndValues() throws Exception {
    byte[] key = new byte[5000];
    byte[] value = new byte[300_000];
    new Random(3).nextBytes(key);
    new Random(4).nextBytes(value);
    try (KeyValueStore store = open()) {
      store.write(
          store.newBatch().put(ROWS, key, value).put(ROWS, bytes("b"), bytes("2")),
          WriteMode.SYNCED);

      assertThat(store.get(ROWS, key)).isEqualTo(value);
      assertThat(get(store, "b")).isEqualTo("2");
    }
  }

  @Test
  void copiesAValueIntoABufferAndTellsItsWholeLength() throws Exception {
    try (KeyValueStore store = open()) {
      put(store, WriteMode.NO_LOG, "k", "value");
      byte[] large = new byte[10];
      byte[] small = new byte[2];

      assertThat(store.get(ROWS, bytes("k"), large)).isEqualTo(5);
      assertThat(text(Arrays.copyOf(large, 5))).isEqualTo("value");
      assertThat(store.get(ROWS, bytes("k"), small)).isEqualTo(5);
      assertThat(text(small)).isEqualTo("va");
      assertThat(store.get(ROWS, bytes("absent"), large)).isEqualTo(-1);
    }
  }

  @Test
  void readsManyKeysInTheirOrder() throws Exception {
    try (KeyValueStore store = open()) {
      put(store, WriteMode.NO_LOG, "a", "1", "b", "2");

      assertThat(store.multiGet(ROWS, List.of(bytes("b"), bytes("x"), bytes("a"), bytes("b"))))
          .extracting(KeyValueContract::text)
          .containsExactly("2", null, "1", "2");
      assertThat(store.multiGet(ROWS, List.of())).isEmpty();
    }
  }

  @Test
  void deletesARange() throws Exception {
    try (KeyValueStore store = open()) {
      put(store, WriteMode.LOGGED, "a", "", "b", "", "bb", "", "c", "", "d", "");
      store.write(store.newBatch().deleteRange(ROWS, bytes("b"), bytes("d")), WriteMode.LOGGED);
      put(store, WriteMode.LOGGED, "bz", "");

      assertThat(keys(store, KeyRange.all())).containsExactly("a", "bz", "d");
      assertThatThrownBy(() -> store.newBatch().deleteRange(ROWS, bytes("d"), bytes("b")))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void sortsKeysAsUnsignedBytes() throws Exception {
    try (KeyValueStore store = open()) {
      byte[][] keys = {{}, {0}, {0, 0}, {1}, {127}, {(byte) 128}, {(byte) 255}, {(byte) 255, 0}};
      KeyValueBatch batch = store.newBatch();
      for (byte[] key : keys) {
        batch.put(ROWS, key, new byte[0]);
      }
      store.write(batch, WriteMode.NO_LOG);

      List<byte[]> seen = new ArrayList<>();
      try (KeyValueCursor cursor = store.cursor(ROWS, KeyRange.all())) {
        for (boolean there = cursor.first(); there; there = cursor.next()) {
          seen.add(cursor.key());
        }
      }
      assertThat(seen).containsExactly(keys);
    }
  }

  @Test
  void staysInsideTheBoundsOfItsRange() throws Exception {
    try (KeyValueStore store = open()) {
      put(store, WriteMode.NO_LOG, "a", "", "b", "", "ba", "", "c", "", "d", "");

      assertThat(keys(store, KeyRange.of(bytes("b"), bytes("d")))).containsExactly("b", "ba", "c");
      assertThat(keys(store, KeyRange.of(null, bytes("b")))).containsExactly("a");
      assertThat(keys(store, KeyRange.of(bytes("c"), null))).containsExactly("c", "d");
      assertThat(keys(store, KeyRange.startingWith(bytes("b")))).containsExactly("b", "ba");
      assertThat(keys(store, KeyRange.of(bytes("b"), bytes("b")))).isEmpty();
      try (KeyValueCursor cursor = store.cursor(ROWS, KeyRange.of(bytes("b"), bytes("d")))) {
        assertThat(cursor.seek(bytes("a"))).isTrue();
        assertThat(text(cursor.key())).isEqualTo("b");
        assertThat(cursor.previous()).isFalse();
        assertThat(cursor.isValid()).isFalse();
        assertThat(cursor.seekBack(bytes("zz"))).isTrue();
        assertThat(text(cursor.key())).isEqualTo("c");
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.seek(bytes("d"))).isFalse();
        assertThat(cursor.seekBack(bytes("a"))).isFalse();
      }
    }
  }

  @Test
  void walksBothWaysAndSeeks() throws Exception {
    try (KeyValueStore store = open()) {
      put(store, WriteMode.NO_LOG, "a", "1", "c", "3", "e", "5");
      try (KeyValueCursor cursor = store.cursor(ROWS, KeyRange.all())) {
        assertThat(cursor.isValid()).isFalse();
        assertThat(cursor.last()).isTrue();
        assertThat(text(cursor.key())).isEqualTo("e");
        assertThat(cursor.previous()).isTrue();
        assertThat(text(cursor.value())).isEqualTo("3");
        assertThat(cursor.seek(bytes("b"))).isTrue();
        assertThat(text(cursor.key())).isEqualTo("c");
        assertThat(cursor.seek(bytes("c"))).isTrue();
        assertThat(text(cursor.key())).isEqualTo("c");
        assertThat(cursor.seekBack(bytes("d"))).isTrue();
        assertThat(text(cursor.key())).isEqualTo("c");
        assertThat(cursor.seekBack(bytes("c"))).isTrue();
        assertThat(text(cursor.key())).isEqualTo("c");
        byte[] into = new byte[4];
        assertThat(cursor.value(into)).isEqualTo(1);
        assertThat(into[0]).isEqualTo((byte) '3');
        assertThat(cursor.seek(bytes("f"))).isFalse();
        assertThatThrownBy(cursor::key).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(cursor::next).isInstanceOf(IllegalStateException.class);
        assertThat(cursor.first()).isTrue();
      }
    }
  }

  @Test
  void keepsACursorOnTheStateThatItWasMadeOn() throws Exception {
    try (KeyValueStore store = open()) {
      put(store, WriteMode.NO_LOG, "a", "1", "b", "2");
      try (KeyValueCursor cursor = store.cursor(ROWS, KeyRange.all())) {
        store.write(
            store
                .newBatch()
                .delete(ROWS, bytes("a"))
                .put(ROWS, bytes("b"), bytes("new"))
                .put(ROWS, bytes("c"), bytes("3")),
            WriteMode.NO_LOG);
        store.flush();

        assertThat(cursor.first()).isTrue();
        assertThat(text(cursor.key())).isEqualTo("a");
        assertThat(cursor.next()).isTrue();
        assertThat(text(cursor.value())).isEqualTo("2");
        assertThat(cursor.next()).isFalse();
      }
      assertThat(keys(store, KeyRange.all())).containsExactly("b", "c");
    }
  }

  @Test
  void showsAllFamiliesAsTheyWereInASnapshot() throws Exception {
    try (KeyValueStore store = open()) {
      put(store, WriteMode.NO_LOG, "a", "1");
      try (KeyValueSnapshot snapshot = store.snapshot()) {
        store.write(
            store
                .newBatch()
                .put(POINTS, bytes("p"), bytes("new"))
                .put(ROWS, bytes("a"), bytes("new"))
                .put(ROWS, bytes("b"), bytes("new")),
            WriteMode.NO_LOG);
        store.flush();

        assertThat(get(snapshot, "a")).isEqualTo("1");
        assertThat(snapshot.get(POINTS, bytes("p"))).isNull();
        assertThat(snapshot.get(ROWS, bytes("a"), new byte[5])).isEqualTo(1);
        assertThat(snapshot.multiGet(ROWS, List.of(bytes("b")))).containsOnlyNulls();
        assertThat(keys(snapshot, KeyRange.all())).containsExactly("a");
        snapshot.close();
        assertThatThrownBy(() -> get(snapshot, "a")).isInstanceOf(IllegalStateException.class);
      }
      assertThat(get(store, "a")).isEqualTo("new");
    }
  }

  @Test
  void hasAfterAReopenWhatWasFlushedOrLogged() throws Exception {
    try (KeyValueStore store = open()) {
      put(store, WriteMode.NO_LOG, "flushed", "1");
      store.flush();
      put(store, WriteMode.LOGGED, "logged", "2");
      put(store, WriteMode.SYNCED, "synced", "3");
      put(store, WriteMode.NO_LOG, "lost", "4");
      store.sync();
    }
    try (KeyValueStore store = open()) {
      assertThat(keys(store, KeyRange.all())).containsExactly("flushed", "logged", "synced");
    }
  }

  @Test
  void refusesWritesWithoutALogWhereItWasToldThatThereAreNone() throws Exception {
    try (KeyValueStore store = opener().open(directory(), FAMILIES, LogUse.ALWAYS)) {
      put(store, WriteMode.LOGGED, "a", "1");
      put(store, WriteMode.SYNCED, "b", "2");
      assertThatThrownBy(() -> put(store, WriteMode.NO_LOG, "c", "3"))
          .isInstanceOf(IllegalArgumentException.class);
    }
    try (KeyValueStore store = opener().open(directory(), FAMILIES, LogUse.MIXED)) {
      put(store, WriteMode.NO_LOG, "d", "4");
      assertThat(keys(store, KeyRange.all())).containsExactly("a", "b", "d");
    }
  }

  @Test
  void addsAFamilyButLeavesNoneOut() throws Exception {
    open().close();

    KeyValueFamily more = KeyValueFamily.forPoints("more");
    try (KeyValueStore store = opener().open(directory(), List.of(more, ROWS, POINTS))) {
      store.write(store.newBatch().put(more, bytes("k"), bytes("v")), WriteMode.SYNCED);
      assertThat(text(store.get(more, bytes("k")))).isEqualTo("v");
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more");
  }

  @Test
  void refusesAFamilyThatItWasNotOpenedWith() throws Exception {
    KeyValueFamily other = KeyValueFamily.forScans("other");
    try (KeyValueStore store = open()) {
      assertThatThrownBy(() -> store.get(other, bytes("k")))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.newBatch().delete(other, bytes("k")))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.cursor(other, KeyRange.all()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refusesTheBatchOfAnotherDatabase() throws Exception {
    try (KeyValueStore store = open();
        KeyValueStore other = opener().open(directory().resolve("other"), FAMILIES)) {
      KeyValueBatch batch = other.newBatch().put(ROWS, bytes("k"), bytes("v"));

      assertThatThrownBy(() -> store.write(batch, WriteMode.NO_LOG))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refusesEveryUseAfterClose() throws Exception {
    KeyValueStore store = open();
    put(store, WriteMode.LOGGED, "a", "1");
    KeyValueBatch batch = store.newBatch();
    KeyValueSnapshot snapshot = store.snapshot();
    KeyValueCursor cursor = store.cursor(ROWS, KeyRange.of(bytes("a"), bytes("b")));
    KeyValueCursor ofSnapshot = snapshot.cursor(ROWS, KeyRange.all());
    assertThat(cursor.first()).isTrue();
    store.close();
    store.close();

    assertThatThrownBy(() -> get(store, "a")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> store.write(batch, WriteMode.NO_LOG))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(store::flush).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(store::snapshot).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> get(snapshot, "a")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(cursor::key).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(ofSnapshot::first).isInstanceOf(IllegalStateException.class);
    ofSnapshot.close();
    cursor.close();
    snapshot.close();
  }

  @Test
  void refusesACursorThatIsClosed() throws Exception {
    try (KeyValueStore store = open()) {
      KeyValueCursor cursor = store.cursor(ROWS, KeyRange.all());
      cursor.close();
      cursor.close();

      assertThatThrownBy(cursor::first).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void refusesVirtualThreads() throws Exception {
    try (KeyValueStore store = open()) {
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  store.get(ROWS, bytes("k"));
                } catch (IllegalStateException | KeyValueFault e) {
                  thrown.set(e);
                }
              })
          .join();

      assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void refusesToOpenADatabaseTwice() throws Exception {
    try (KeyValueStore store = open()) {
      assertThatThrownBy(this::open).isInstanceOf(KeyValueFault.class);
      put(store, WriteMode.LOGGED, "still", "open");
    }
  }

  @Test
  void estimatesSizesAndCompacts() throws Exception {
    try (KeyValueStore store = open()) {
      Random random = new Random(5);
      KeyValueBatch batch = store.newBatch();
      for (int i = 0; i < 1000; i++) {
        byte[] value = new byte[1000];
        random.nextBytes(value);
        batch.put(ROWS, bytes("%04d".formatted(i)), value);
      }
      store.write(batch, WriteMode.NO_LOG);
      assertThat(store.figure(KeyValueFigure.BUFFERED_BYTES)).isGreaterThan(1_000_000);
      store.flush();

      assertThat(store.approximateBytes(ROWS, KeyRange.all())).isBetween(900_000L, 1_300_000L);
      assertThat(store.approximateBytes(ROWS, KeyRange.of(bytes("0500"), null)))
          .isBetween(300_000L, 700_000L);
      assertThat(store.approximateBytes(POINTS, KeyRange.all())).isLessThan(1000);
      assertThat(store.figure(KeyValueFigure.TABLE_BYTES)).isGreaterThan(900_000);
      assertThat(store.figure(KeyValueFigure.KEYS)).isBetween(900L, 1100L);

      store.write(store.newBatch().deleteRange(ROWS, bytes("0"), bytes("1")), WriteMode.NO_LOG);
      store.flush();
      store.compact(ROWS, KeyRange.all());
      assertThat(store.approximateBytes(ROWS, KeyRange.all())).isLessThan(100_000);
      assertThat(store.figure(KeyValueFigure.COMPACTION_DEBT_BYTES)).isZero();
    }
  }

  /// Random batches, flushes and reopens against a sorted map.
  @Test
  void agreesWithASortedMap() throws Exception {
    Random random = new Random(11);
    TreeMap<String, String> expected = new TreeMap<>();
    KeyValueStore store = open();
    for (int step = 0; step < 300; step++) {
      KeyValueBatch batch = store.newBatch();
      for (int i = random.nextInt(8); i >= 0; i--) {
        change(random, batch, expected);
      }
      store.write(batch, WriteMode.values()[random.nextInt(3)]);
      if (random.nextInt(20) == 0) {
        store.flush();
        if (random.nextBoolean()) {
          store.close();
          store = open();
        }
      }
      check(store, random, expected);
    }
    store.close();
  }

  private static String key(Random random) {
    return Integer.toString(random.nextInt(200), 36);
  }

  private static void change(Random random, KeyValueBatch batch, Map<String, String> expected) {
    String key = key(random);
    switch (random.nextInt(10)) {
      case 0 -> {
        String end = key + (char) random.nextInt(128);
        batch.deleteRange(ROWS, bytes(key), bytes(end));
        expected.keySet().removeIf(k -> k.compareTo(key) >= 0 && k.compareTo(end) < 0);
      }
      case 1, 2, 3 -> {
        batch.delete(ROWS, bytes(key));
        expected.remove(key);
      }
      default -> {
        String value = Long.toString(random.nextLong());
        batch.put(ROWS, bytes(key), bytes(value));
        expected.put(key, value);
      }
    }
  }

  private static void check(KeyValueStore store, Random random, TreeMap<String, String> expected)
      throws KeyValueFault {
    String key = key(random);
    assertThat(get(store, key)).isEqualTo(expected.get(key));
    String from = key(random);
    String to = from + "zz";
    assertThat(keys(store, KeyRange.of(bytes(from), bytes(to))))
        .containsExactlyElementsOf(expected.subMap(from, to).keySet());
    try (KeyValueCursor cursor = store.cursor(ROWS, KeyRange.all())) {
      String floor = expected.floorKey(key);
      assertThat(cursor.seekBack(bytes(key))).isEqualTo(floor != null);
      if (floor != null) {
        assertThat(text(cursor.key())).isEqualTo(floor);
      }
    }
  }
}
