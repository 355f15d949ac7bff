package org.martlet.common.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class CrashDiskTest {
  private static final Path ROOT = Path.of("/device");
  private static final Path FILE = ROOT.resolve("f");
  private final PowerSwitch power = new PowerSwitch();
  private final CrashDisk disk = new CrashDisk(power, ROOT);

  private CrashDisk crash(CrashChoice choice) {
    power.cut();
    return disk.crash(choice, new PowerSwitch());
  }

  private static ByteBuffer filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return ByteBuffer.wrap(bytes);
  }

  private static byte[] content(CrashDisk disk, Path file) {
    return disk.contents().get(file);
  }

  private DiskFile durableFile(int length, int value) throws Exception {
    DiskFile file = disk.create(FILE);
    file.write(filled(length, value), 0);
    file.force(false);
    disk.syncDirectory(ROOT);
    return file;
  }

  @Example
  void losesAFileWhoseEntryWasNotSyncedThoughItsContentWas() throws Exception {
    DiskFile file = disk.create(FILE);
    file.write(filled(100, 1), 0);
    file.force(true);

    assertThat(crash(CrashChoice.keepNothing()).exists(FILE)).isFalse();
    assertThat(crash(CrashChoice.keepEverything()).exists(FILE)).isTrue();
  }

  @Example
  void losesContentThatWasNotForcedThoughItsEntryWas() throws Exception {
    DiskFile file = disk.create(FILE);
    file.write(filled(100, 1), 0);
    disk.syncDirectory(ROOT);

    assertThat(content(crash(CrashChoice.keepNothing()), FILE)).isEmpty();
    assertThat(content(crash(CrashChoice.keepEverything()), FILE)).hasSize(100).containsOnly(1);
  }

  @Example
  void bringsBackAFileWhoseDeletionWasNotSynced() throws Exception {
    durableFile(100, 1).close();
    disk.delete(FILE);

    assertThat(content(crash(CrashChoice.keepNothing()), FILE)).hasSize(100);
    assertThat(crash(CrashChoice.keepEverything()).exists(FILE)).isFalse();
  }

  @Example
  void undoesACutThatWasNotForced() throws Exception {
    durableFile(2000, 1).truncate(10);

    assertThat(content(crash(CrashChoice.keepNothing()), FILE)).hasSize(2000).containsOnly(1);
    assertThat(content(crash(CrashChoice.keepEverything()), FILE)).hasSize(10).containsOnly(1);
  }

  @Example
  void keepsEitherNameOfAFileThatWasRenamed() throws Exception {
    durableFile(10, 1).close();
    disk.rename(FILE, ROOT.resolve("g"));

    assertThat(crash(CrashChoice.keepNothing()).list(ROOT)).containsExactly("f");
    assertThat(crash(CrashChoice.keepEverything()).list(ROOT)).containsExactly("g");
    Random random = new Random(5);
    for (int i = 0; i < 50; i++) {
      assertThat(crash(CrashChoice.random(random)).list(ROOT)).hasSize(1);
    }
  }

  @Example
  void tearsAWriteAtAnySector() throws Exception {
    DiskFile file = durableFile(4 * CrashFile.SECTOR, 1);
    file.write(filled(4 * CrashFile.SECTOR, 2), 0);

    Set<String> seen = new HashSet<>();
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      byte[] left = content(crash(CrashChoice.random(random)), FILE);
      StringBuilder states = new StringBuilder();
      for (int sector = 0; sector < 4; sector++) {
        byte[] bytes =
            Arrays.copyOfRange(left, sector * CrashFile.SECTOR, (sector + 1) * CrashFile.SECTOR);
        assertThat(bytes).containsOnly(bytes[0]);
        states.append(bytes[0]);
      }
      seen.add(states.toString());
    }
    assertThat(seen).hasSize(16);
  }

  @Example
  void lengthensAFileBeforeItsDataIsThere() throws Exception {
    DiskFile file = durableFile(CrashFile.SECTOR, 1);
    file.write(filled(CrashFile.SECTOR, 2), CrashFile.SECTOR);

    Set<Integer> tails = new HashSet<>();
    Random random = new Random(9);
    for (int i = 0; i < 500; i++) {
      byte[] left = content(crash(CrashChoice.random(random)), FILE);
      assertThat(left[0]).isEqualTo((byte) 1);
      tails.add(left.length == CrashFile.SECTOR ? -1 : left[CrashFile.SECTOR] & 0xff);
    }
    assertThat(tails).contains(-1, 0, 2).hasSizeGreaterThan(3); // shorter, zeros, data, junk
  }

  @Example
  void stopsEveryCallFromTheCallThatThePowerGoesIn() throws Exception {
    DiskFile file = durableFile(10, 1);
    power.cutAt(power.calls() + 1);

    assertThatThrownBy(() -> file.write(filled(10, 2), 0)).isInstanceOf(PowerLoss.class);
    assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1), 0)).isInstanceOf(PowerLoss.class);
    assertThatThrownBy(() -> disk.exists(FILE)).isInstanceOf(PowerLoss.class);
    assertThat(content(disk.crash(CrashChoice.keepEverything(), new PowerSwitch()), FILE))
        .containsOnly(2);
    assertThat(content(disk.crash(CrashChoice.keepNothing(), new PowerSwitch()), FILE))
        .containsOnly(1);
  }

  @Example
  void hasForcedNothingIfThePowerGoesDuringTheForce() throws Exception {
    DiskFile file = durableFile(10, 1);
    file.write(filled(10, 2), 0);
    power.cutAt(power.calls() + 1);

    assertThatThrownBy(() -> file.force(false)).isInstanceOf(PowerLoss.class);
    assertThat(content(crash(CrashChoice.keepNothing()), FILE)).containsOnly(1);
  }

  @Example
  void runsFullAndWritesWhatFits() throws Exception {
    disk.capacity(1000);
    DiskFile file = disk.create(FILE);

    assertThatThrownBy(() -> file.write(filled(1500, 1), 0)).isInstanceOf(DiskFull.class);
    assertThat(file.size()).isEqualTo(1000);
    assertThat(disk.space(ROOT)).isEqualTo(new DiskSpace(0, 1000));
    file.write(filled(1000, 2), 0);
    disk.delete(FILE);
    assertThat(disk.space(ROOT).usable()).isEqualTo(1000);
  }

  @Example
  void losesARenameOrBothNamesOfItButNeverTheFileThatItReplaces() throws Exception {
    durableFile(10, 1).close();
    DiskFile next = disk.create(ROOT.resolve("f.new"));
    next.write(filled(10, 2), 0);
    next.force(true);
    disk.rename(ROOT.resolve("f.new"), FILE);

    for (CrashScript script : CrashScript.around(c -> disk.crash(c, new PowerSwitch()))) {
      CrashDisk left = disk.crash(script.begin(), new PowerSwitch());
      assertThat(content(left, FILE)).as(script.name()).hasSize(10);
    }
  }

  @Example
  void keepsALaterChangeOfEntriesWithoutAnEarlierOne() throws Exception {
    durableFile(10, 1).close();
    disk.delete(FILE);
    disk.create(FILE).close();
    disk.create(ROOT.resolve("g")).close();

    Set<String> seen = new HashSet<>();
    for (CrashScript script : CrashScript.around(c -> disk.crash(c, new PowerSwitch()))) {
      CrashDisk left = disk.crash(script.begin(), new PowerSwitch());
      byte[] f = content(left, FILE);
      seen.add((f == null ? "-" : f.length) + (left.exists(ROOT.resolve("g")) ? "g" : ""));
    }
    assertThat(seen).containsExactlyInAnyOrder("10", "0g", "-g", "0", "10g", "-");
  }

  @Example
  void makesARenameDurableOnlyByItsTargetDirectory() throws Exception {
    Path other = ROOT.resolve("other");
    disk.createDirectory(other);
    disk.syncDirectory(ROOT);
    durableFile(10, 1).close();
    disk.rename(FILE, other.resolve("f"));
    disk.syncDirectory(ROOT);

    assertThat(crash(CrashChoice.keepNothing()).exists(FILE)).isTrue();
    assertThat(crash(CrashChoice.keepNothing()).exists(other.resolve("f"))).isFalse();
    assertThat(crash(CrashChoice.keepEverything()).exists(FILE)).isFalse();
  }

  @Example
  void dropsWhatAFailedForceShouldHaveForcedUntilItIsWrittenAgain() throws Exception {
    DiskFile file = durableFile(2 * CrashFile.SECTOR, 1);
    file.write(filled(2 * CrashFile.SECTOR, 2), 0);
    disk.failForces(FILE::equals);
    assertThatThrownBy(() -> file.force(false)).isInstanceOf(DiskFault.class);
    disk.failForces(path -> false);

    assertThat(content(disk, FILE)).containsOnly(2);
    file.force(false);
    assertThat(content(disk.crash(CrashChoice.keepEverything(), new PowerSwitch()), FILE))
        .containsOnly(1);
    file.write(filled(CrashFile.SECTOR, 2), CrashFile.SECTOR);
    file.force(false);
    assertThat(content(disk.crash(CrashChoice.keepNothing(), new PowerSwitch()), FILE))
        .startsWith(filled(CrashFile.SECTOR, 1).array())
        .endsWith(filled(CrashFile.SECTOR, 2).array());
  }

  @Example
  void showsTheStateBeforeEachCall() throws Exception {
    Set<String> seen = new TreeSet<>();
    power.beforeEachCall(
        () -> {
          CrashDisk left = disk.crash(CrashChoice.keepNothing(), new PowerSwitch());
          seen.add(power.calls() + ":" + left.contents().keySet());
        });
    durableFile(10, 1).close();

    assertThat(seen).containsExactly("0:[]", "1:[]", "2:[]", "3:[]");
    power.beforeEachCall(() -> seen.add("end: " + content(disk, FILE).length));
    disk.syncDirectory(ROOT);
    assertThat(seen).contains("end: 10");
  }

  @Example
  void triesEveryChangeByItselfAndEveryOrder() throws Exception {
    DiskFile file = durableFile(3 * CrashFile.SECTOR, 1);
    file.write(filled(3 * CrashFile.SECTOR, 2), 0);

    Set<String> seen = new HashSet<>();
    for (CrashScript script : CrashScript.around(c -> disk.crash(c, new PowerSwitch()))) {
      byte[] left = content(disk.crash(script.begin(), new PowerSwitch()), FILE);
      seen.add("" + left[0] + left[CrashFile.SECTOR] + left[2 * CrashFile.SECTOR]);
    }
    assertThat(seen)
        .containsExactlyInAnyOrder("111", "222", "122", "212", "221", "211", "121", "112");
  }

  /// Any mixture of calls on two files, then a crash: a file whose entry is synced and that was not
  /// changed since its last force is as it was then; every other file is no longer than it ever
  /// was.
  @Property(tries = 300)
  void keepsWhatWasForcedThroughAnyCrash(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    CrashDisk disk = new CrashDisk(new PowerSwitch(), ROOT);
    DiskFile[] files = {disk.create(ROOT.resolve("0")), disk.create(ROOT.resolve("1"))};
    byte[][] forced = new byte[2][];
    long[] longest = new long[2];
    disk.syncDirectory(ROOT);
    for (int step = 0; step < 30; step++) {
      int i = random.nextInt(2);
      DiskFile file = files[i];
      switch (random.nextInt(4)) {
        case 0 -> {
          byte[] data = new byte[random.nextInt(2000)];
          random.nextBytes(data);
          file.write(ByteBuffer.wrap(data), random.nextInt(3000));
          forced[i] = data.length == 0 ? forced[i] : null;
        }
        case 1 -> {
          file.truncate(random.nextLong(file.size() + 1));
          forced[i] = null;
        }
        case 2 -> {
          file.force(random.nextBoolean());
          forced[i] = disk.contents().get(file.path());
        }
        default -> disk.create(ROOT.resolve("other" + step)).close();
      }
      longest[i] = Math.max(longest[i], file.size());
    }

    CrashDisk left = disk.crash(CrashChoice.random(random), new PowerSwitch());

    for (int i = 0; i < 2; i++) {
      byte[] content = left.contents().get(files[i].path());
      assertThat(content.length).isLessThanOrEqualTo((int) longest[i]);
      if (forced[i] != null) {
        assertThat(content).isEqualTo(forced[i]);
      }
    }
  }
}
