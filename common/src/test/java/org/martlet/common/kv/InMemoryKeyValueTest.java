package org.martlet.common.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.martlet.common.disk.CrashChoice;
import org.martlet.common.disk.PowerLoss;
import org.martlet.common.disk.PowerSwitch;

class InMemoryKeyValueTest extends KeyValueContract {
  private final PowerSwitch power = new PowerSwitch();
  private final InMemoryKeyValues databases = new InMemoryKeyValues(power);

  @Override
  KeyValueOpener opener() {
    return databases;
  }

  @Override
  Path directory() {
    return Path.of("/device/index");
  }

  private KeyValueStore open() throws KeyValueFault {
    return databases.open(directory(), List.of(POINTS, ROWS));
  }

  private static void put(KeyValueStore store, int number, WriteMode mode) throws KeyValueFault {
    byte[] key = {(byte) number};
    store.write(store.newBatch().put(ROWS, key, key).put(POINTS, key, key), mode);
  }

  private String afterCrash(CrashChoice choice) throws KeyValueFault {
    power.cut();
    KeyValueStore store =
        databases.crash(choice, new PowerSwitch()).open(directory(), List.of(POINTS, ROWS));
    StringBuilder left = new StringBuilder();
    try (KeyValueCursor cursor = store.cursor(ROWS, KeyRange.all())) {
      for (boolean there = cursor.first(); there; there = cursor.next()) {
        assertThat(store.get(POINTS, cursor.key())).isNotNull(); // a batch is whole or absent
        left.append(cursor.key()[0]);
      }
    }
    return left.toString();
  }

  private Set<String> afterManyCrashes() throws KeyValueFault {
    Set<String> seen = new HashSet<>();
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      seen.add(afterCrash(CrashChoice.random(random)));
    }
    return seen;
  }

  @Test
  void losesAnyEndOfTheWritesWithoutALogSinceTheLastFlush() throws Exception {
    KeyValueStore store = open();
    put(store, 1, WriteMode.NO_LOG);
    store.flush();
    put(store, 2, WriteMode.NO_LOG);
    put(store, 3, WriteMode.NO_LOG);

    assertThat(afterManyCrashes()).containsExactlyInAnyOrder("1", "12", "123");
  }

  @Test
  void losesAnyEndOfTheLoggedWritesSinceTheLastSync() throws Exception {
    KeyValueStore store = open();
    put(store, 1, WriteMode.LOGGED);
    put(store, 2, WriteMode.SYNCED);
    put(store, 3, WriteMode.LOGGED);
    put(store, 4, WriteMode.LOGGED);

    assertThat(afterManyCrashes()).containsExactlyInAnyOrder("12", "123", "1234");
  }

  @Test
  void keepsALoggedWriteThoughOneWithoutALogBeforeItIsLost() throws Exception {
    KeyValueStore store = open();
    put(store, 1, WriteMode.NO_LOG);
    put(store, 2, WriteMode.LOGGED);
    store.sync();

    assertThat(afterManyCrashes()).containsExactlyInAnyOrder("2", "12");
  }

  @Test
  void losesUnsyncedWritesOfADatabaseThatWasClosed() throws Exception {
    KeyValueStore store = open();
    put(store, 1, WriteMode.LOGGED);
    store.close();

    assertThat(afterManyCrashes()).containsExactlyInAnyOrder("", "1");
  }

  @Test
  void losesPowerInTheMiddleOfACall() throws Exception {
    List<String> left = new ArrayList<>();
    KeyValueStore store = open();
    put(store, 1, WriteMode.SYNCED);
    power.cutAt(power.calls() + 1);

    assertThatThrownBy(() -> put(store, 2, WriteMode.SYNCED)).isInstanceOf(PowerLoss.class);
    assertThatThrownBy(() -> store.get(ROWS, bytes("k"))).isInstanceOf(PowerLoss.class);
    left.add(afterCrash(CrashChoice.keepNothing()));
    left.add(afterCrash(CrashChoice.keepEverything()));
    assertThat(left).containsExactly("1", "12");
  }
}
