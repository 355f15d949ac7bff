package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.martlet.common.disk.SpaceMarks;
import org.martlet.common.model.ByteSize;

/// What compaction costs: bytes that it writes for each byte that users write, where objects are
/// overwritten at random on a device that is filled to some share with live data and stays so.
///
/// The figures of `docs/performance.md` are printed by this; they do not depend on the machine.
class WriteAmplificationTest {
  private static final long CAPACITY = 4 << 20;
  private static final int VOLUME = 32 << 10;
  private static final int BODY = 1000;
  private static final int GROUP = 16;
  private static final SpaceMarks MARKS = SpaceMarks.ofPercent(1, 0.1);

  private final Machine machine = Machine.fresh();
  private final Random random = new Random(1);
  private int refused;
  private long ticks = 10;

  private static DeviceStoreConfig config(double share) {
    DeviceStoreConfig usual = Machine.config();
    DeviceStoreConfig.Background background = usual.background();
    return new DeviceStoreConfig(
        usual.root(),
        ByteSize.ofKiB(4),
        new ByteSize(VOLUME),
        MARKS,
        usual.queue(),
        new DeviceStoreConfig.Background(
            background.flush(),
            new DeviceStoreConfig.Compaction(
                share, ByteSize.ofGiB(64), background.compaction().interval()),
            background.audit()),
        usual.leafBits());
  }

  @ParameterizedTest
  @CsvSource({
    "50, 0.5, 1.1",
    "70, 0.5, 1.1",
    "90, 0.5, 8",
    "50, 0.3, 2.6",
    "70, 0.3, 2.6",
    "90, 0.3, 8"
  })
  void randomOverwritesCostNoMoreThanTheShareOfGarbageSays(
      int utilisation, double share, double most) throws IOException {
    machine.disk.capacity(CAPACITY);
    try (LogDeviceStore store = machine.open(config(share))) {
      int objects = 0;
      while (store.volumes().liveBytes() < CAPACITY * utilisation / 100) {
        put(store, IntStream.range(objects, objects + GROUP).boxed().toList());
        objects += GROUP;
      }
      // Until the volumes are as random overwrites leave them; only then it is measured.
      overwriteAtRandom(store, objects, 2 * objects);
      WrittenReport before = store.written();
      overwriteAtRandom(store, objects, 3 * objects);
      WrittenReport after = store.written();
      long users = after.userBytes() - before.userBytes();
      double cost = (double) (after.compactionBytes() - before.compactionBytes()) / users;
      System.out.println(
          String.format(
              Locale.ROOT,
              "%d %% live, garbage share %.1f: %.2f bytes relocated for each byte written, %d"
                  + " groups had to wait for space",
              utilisation,
              share,
              cost,
              refused));
      assertThat(cost).isLessThan(most);
      Checks.auditRaisesNoAlarm(store);
    }
  }

  private void overwriteAtRandom(LogDeviceStore store, int objects, int puts) {
    for (int done = 0; done < puts; done += GROUP) {
      put(store, random.ints(GROUP, 0, objects).boxed().toList());
    }
  }

  /// Puts objects as one group, after compaction has done what it wants to do. What finds no space
  /// is put again after another pass.
  private void put(LogDeviceStore store, List<Integer> objects) {
    passOneSecond();
    store.compact();
    List<Integer> left = objects;
    for (int tries = 0; !left.isEmpty(); tries++) {
      assertThat(tries).as("passes until there is space").isLessThan(3);
      if (tries > 0) {
        refused++;
        passOneSecond();
        store.compact();
        passOneSecond();
      }
      left = refused(store, left);
    }
  }

  private List<Integer> refused(LogDeviceStore store, List<Integer> objects) {
    List<CompletableFuture<MutationOutcome>> answers = new ArrayList<>();
    for (int n : objects) {
      answers.add(store.submit(Samples.put(n, ++ticks, new byte[BODY])));
    }
    List<Integer> refused = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).join() instanceof MutationOutcome.InsufficientStorage) {
        refused.add(objects.get(i));
      }
    }
    return refused;
  }

  /// The space of a device is measured once a second.
  private void passOneSecond() {
    machine.millis.addAndGet(1001);
  }
}
