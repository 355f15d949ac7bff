package org.martlet.common.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.model.ByteSize;

/// Kills a process that writes, and looks at what its database has then.
class RocksKillIT {
  private static final KeyValueFamily NUMBERS = KeyValueFamily.forPoints("numbers");
  private static final KeyValueFamily COPIES = KeyValueFamily.forScans("copies");
  @TempDir private Path directory;

  /// The process that is killed: writes 1, 2, 3, … to both families, and says what is promised.
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws Exception {
      WriteMode mode = WriteMode.valueOf(arguments[1]);
      try (KeyValueEngine engine = engine();
          KeyValueStore store = engine.open(Path.of(arguments[0]), List.of(NUMBERS, COPIES))) {
        for (int i = 1; ; i++) {
          byte[] key = key(i);
          store.write(store.newBatch().put(NUMBERS, key, key).put(COPIES, key, key), mode);
          if (mode == WriteMode.NO_LOG && i % 50 == 0) {
            store.flush();
          }
          if (mode != WriteMode.NO_LOG || i % 50 == 0) {
            System.out.println(i);
          }
        }
      }
    }
  }

  private static KeyValueEngine engine() {
    return new KeyValueEngine(new KeyValueConfig(ByteSize.ofMiB(16), ByteSize.ofMiB(8), 2, 64));
  }

  private static byte[] key(int i) {
    return ByteBuffer.allocate(4).putInt(i).array();
  }

  /// @return the last number that the process said was safe before it was killed
  private int writeAndKill(WriteMode mode, int atLeast) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                directory.resolve(mode.name()).toString(),
                mode.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      int last = 0;
      while (last < atLeast) {
        last = Integer.parseInt(said.readLine());
      }
      process.destroyForcibly();
      return last;
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }

  private void hasEveryNumberOnceInBothFamilies(WriteMode mode, int promised) throws Exception {
    try (KeyValueEngine engine = engine();
        KeyValueStore store =
            engine.open(directory.resolve(mode.name()), List.of(NUMBERS, COPIES))) {
      int count = 0;
      try (KeyValueCursor cursor = store.cursor(NUMBERS, KeyRange.all())) {
        for (boolean there = cursor.first(); there; there = cursor.next()) {
          assertThat(cursor.key()).isEqualTo(key(++count));
          assertThat(store.get(COPIES, cursor.key())).isEqualTo(cursor.value());
        }
      }
      assertThat(count).isGreaterThanOrEqualTo(promised);
      assertThat(store.get(COPIES, key(count + 1))).isNull();
    }
  }

  @Test
  void keepsEveryLoggedWriteWhenTheProcessIsKilled() throws Exception {
    hasEveryNumberOnceInBothFamilies(WriteMode.LOGGED, writeAndKill(WriteMode.LOGGED, 2000));
  }

  @Test
  void keepsEveryFlushedWriteInAllFamiliesAlikeWhenTheProcessIsKilled() throws Exception {
    hasEveryNumberOnceInBothFamilies(WriteMode.NO_LOG, writeAndKill(WriteMode.NO_LOG, 200));
  }
}
