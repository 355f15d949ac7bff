package org.martlet.common.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.model.ByteSize;

class RocksKeyValueIT extends KeyValueContract {
  @TempDir private Path directory;
  private final KeyValueEngine engine =
      new KeyValueEngine(new KeyValueConfig(ByteSize.ofMiB(16), ByteSize.ofMiB(8), 2, 64));

  @Override
  KeyValueOpener opener() {
    return engine;
  }

  @Override
  Path directory() {
    return directory.resolve("db");
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private KeyValueStore open() throws KeyValueFault {
    return engine.open(directory(), List.of(POINTS, ROWS));
  }

  private void writeTables() throws KeyValueFault {
    try (KeyValueStore store = open()) {
      for (int round = 0; round < 3; round++) {
        KeyValueBatch batch = store.newBatch();
        for (int i = 0; i < 500; i++) {
          batch.put(ROWS, bytes("k" + i), bytes("value " + round + " " + i));
        }
        store.write(batch, WriteMode.NO_LOG);
        store.flush();
      }
    }
  }

  private List<Path> tables() throws Exception {
    try (Stream<Path> files = Files.list(directory())) {
      return files.filter(file -> file.toString().endsWith(".sst")).toList();
    }
  }

  private static void flipByteIn(Path file, long position) throws Exception {
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.seek(position);
      int old = raw.read();
      raw.seek(position);
      raw.write(old ^ 0x40);
    }
  }

  @Test
  void callsAFlippedByteCorruption() throws Exception {
    writeTables();
    for (Path table : tables()) {
      flipByteIn(table, 100);
    }

    assertThatThrownBy(
            () -> {
              try (KeyValueStore store = open()) {
                for (int i = 0; i < 500; i++) {
                  store.get(ROWS, bytes("k" + i));
                }
              }
            })
        .isInstanceOfSatisfying(
            KeyValueFault.class,
            fault -> assertThat(fault.kind()).isEqualTo(KeyValueFault.Kind.CORRUPT));
    assertThatThrownBy(
            () -> {
              try (KeyValueStore store = open();
                  KeyValueCursor cursor = store.cursor(ROWS, KeyRange.all())) {
                for (boolean there = cursor.first(); there; there = cursor.next()) {
                  assertThat(cursor.key()).isNotEmpty();
                }
              }
            })
        .isInstanceOfSatisfying(
            KeyValueFault.class,
            fault -> assertThat(fault.kind()).isEqualTo(KeyValueFault.Kind.CORRUPT));
  }

  @Test
  void callsAMissingManifestCorruption() throws Exception {
    writeTables();
    try (Stream<Path> files = Files.list(directory())) {
      for (Path file : files.filter(f -> f.toString().contains("MANIFEST")).toList()) {
        Files.delete(file);
      }
    }

    assertThatThrownBy(() -> open().close())
        .isInstanceOfSatisfying(
            KeyValueFault.class,
            fault -> assertThat(fault.kind()).isEqualTo(KeyValueFault.Kind.CORRUPT));
  }

  @Test
  void callsAMissingTableCorruption() throws Exception {
    writeTables();
    Files.delete(tables().getFirst());

    assertThatThrownBy(
            () -> {
              try (KeyValueStore store = open()) {
                store.get(ROWS, bytes("k1"));
              }
            })
        .isInstanceOfSatisfying(
            KeyValueFault.class,
            fault -> assertThat(fault.kind()).isEqualTo(KeyValueFault.Kind.CORRUPT));
  }

  @Test
  void doesNotStartAnewOnTheRemainsOfADatabase() throws Exception {
    writeTables();
    Files.delete(directory().resolve("CURRENT"));

    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            KeyValueFault.class,
            fault -> assertThat(fault.kind()).isEqualTo(KeyValueFault.Kind.CORRUPT));
    assertThat(tables()).isNotEmpty();
  }

  @Test
  void closesUnderReadersAndWritersWithoutACrash() throws Exception {
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    for (int round = 0; round < 8; round++) {
      KeyValueStore store = open();
      CountDownLatch started = new CountDownLatch(3);
      List<Thread> threads = new ArrayList<>();
      threads.add(untilClosed(failures, started, () -> store.get(ROWS, bytes("k"))));
      threads.add(
          untilClosed(
              failures,
              started,
              () ->
                  store.write(
                      store.newBatch().put(ROWS, bytes("k"), bytes("v")), WriteMode.LOGGED)));
      threads.add(
          untilClosed(
              failures,
              started,
              () -> {
                try (KeyValueSnapshot snapshot = store.snapshot();
                    KeyValueCursor cursor = snapshot.cursor(ROWS, KeyRange.all())) {
                  cursor.first();
                }
              }));
      started.await();
      store.close();
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(failures).isEmpty();
    try (KeyValueStore store = open()) {
      assertThat(text(store.get(ROWS, bytes("k")))).isEqualTo("v");
    }
  }

  private interface Call {
    void run() throws KeyValueFault;
  }

  private static Thread untilClosed(Queue<Throwable> failures, CountDownLatch started, Call call) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                call.run();
                started.countDown();
                while (true) {
                  call.run();
                }
              } catch (Throwable e) {
                if (!(e instanceof IllegalStateException) || !e.getMessage().contains("closed")) {
                  failures.add(e);
                }
                started.countDown();
              }
            });
  }

  @Test
  void sharesOneCacheAmongDatabases() throws Exception {
    writeTables();
    long before = engine.cacheBytes();
    try (KeyValueStore store = open();
        KeyValueStore other =
            engine.open(directory.resolve("other"), List.of(KeyValueContract.ROWS))) {
      assertThat(store.get(ROWS, bytes("k1"))).isNotNull();
      other.write(other.newBatch().put(ROWS, bytes("k"), new byte[1 << 20]), WriteMode.NO_LOG);

      assertThat(engine.cacheBytes()).isGreaterThan(before + (1 << 20));
    }
  }
}
