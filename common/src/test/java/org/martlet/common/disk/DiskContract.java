package org.martlet.common.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What every [Disk] does alike.
abstract class DiskContract {
  abstract Disk disk();

  /// An empty directory.
  abstract Path root();

  private Path path(String name) {
    return root().resolve(name);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static String read(DiskFile file, long position, int length) throws DiskFault {
    ByteBuffer into = ByteBuffer.allocate(length);
    int n = file.read(into, position);
    assertThat(into.position()).isEqualTo(n);
    return new String(into.array(), 0, n, UTF_8);
  }

  private void createFile(String name, String content) throws Exception {
    try (DiskFile file = disk().create(path(name))) {
      file.write(bytes(content), 0);
    }
  }

  private String contentOf(String name) throws Exception {
    try (DiskFile file = disk().openForRead(path(name))) {
      return read(file, 0, Math.toIntExact(file.size()));
    }
  }

  @Test
  void readsBackWhatWasWrittenAtItsPosition() throws Exception {
    try (DiskFile file = disk().create(path("f"))) {
      file.write(bytes("hello "), 0);
      file.write(bytes("world"), 6);
      file.force(false);

      assertThat(file.size()).isEqualTo(11);
      assertThat(read(file, 0, 11)).isEqualTo("hello world");
      assertThat(read(file, 4, 3)).isEqualTo("o w");
    }
  }

  @Test
  void readsLessAtTheEndAndNothingPastIt() throws Exception {
    try (DiskFile file = disk().create(path("f"))) {
      file.write(bytes("abc"), 0);

      assertThat(read(file, 1, 10)).isEqualTo("bc");
      assertThat(read(file, 3, 10)).isEmpty();
      assertThat(read(file, 1000, 10)).isEmpty();
    }
  }

  @Test
  void gathersManyBuffersIntoOneRun() throws Exception {
    Random random = new Random(1);
    ByteBuffer[] buffers = new ByteBuffer[3000];
    byte[] expected = new byte[400_000];
    int end = 0;
    for (int i = 0; i < buffers.length; i++) {
      byte[] part = new byte[random.nextInt(100)];
      random.nextBytes(part);
      System.arraycopy(part, 0, expected, end, part.length);
      end += part.length;
      buffers[i] =
          i % 2 == 0
              ? ByteBuffer.wrap(part)
              : ByteBuffer.allocateDirect(part.length).put(part).flip();
    }

    try (DiskFile file = disk().create(path("f"))) {
      file.write(buffers, 0);

      ByteBuffer read = ByteBuffer.allocate(end + 1);
      assertThat(file.read(read, 0)).isEqualTo(end);
      assertThat(Arrays.copyOf(read.array(), end)).isEqualTo(Arrays.copyOf(expected, end));
      assertThat(buffers).noneMatch(ByteBuffer::hasRemaining);
    }
  }

  @Test
  void writesOnlyWhatRemainsInABuffer() throws Exception {
    try (DiskFile file = disk().create(path("f"))) {
      file.write(bytes("xabcx").position(1).limit(4), 0);

      assertThat(read(file, 0, 10)).isEqualTo("abc");
    }
  }

  @Test
  void overwritesInPlaceAndLeavesTheRest() throws Exception {
    try (DiskFile file = disk().create(path("f"))) {
      file.write(bytes("abcdef"), 0);
      file.write(bytes("XY"), 2);

      assertThat(read(file, 0, 10)).isEqualTo("abXYef");
    }
  }

  @Test
  void leavesZerosBeforeAWritePastTheEnd() throws Exception {
    try (DiskFile file = disk().create(path("f"))) {
      file.write(bytes("x"), 1500);

      assertThat(file.size()).isEqualTo(1501);
      ByteBuffer read = ByteBuffer.allocate(1501);
      file.read(read, 0);
      assertThat(Arrays.copyOf(read.array(), 1500)).containsOnly(0);
    }
  }

  @Test
  void cutsAFileAndNeverLengthensIt() throws Exception {
    try (DiskFile file = disk().create(path("f"))) {
      file.write(bytes("abcdef"), 0);
      file.truncate(2);

      assertThat(file.size()).isEqualTo(2);
      assertThat(read(file, 0, 10)).isEqualTo("ab");
      assertThatThrownBy(() -> file.truncate(3)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void showsZerosWhereACutFileGrowsAgain() throws Exception {
    try (DiskFile file = disk().create(path("f"))) {
      file.write(bytes("abcdef"), 0);
      file.truncate(2);
      file.write(bytes("z"), 4);

      assertThat(read(file, 0, 10)).isEqualTo("ab\0\0z");
    }
  }

  @Test
  void createsAFileOnce() throws Exception {
    createFile("f", "first");

    assertThatThrownBy(() -> disk().create(path("f")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(contentOf("f")).isEqualTo("first");
  }

  @Test
  void tellsThatAFileOrItsDirectoryIsMissing() {
    assertThatThrownBy(() -> disk().openForRead(path("f"))).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk().openForWrite(path("f")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk().create(path("d/f"))).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk().list(path("d"))).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk().createDirectory(path("d/e")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk().syncDirectory(path("d")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk().rename(path("f"), path("g")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk().space(path("d"))).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void opensAnExistingFileForWriting() throws Exception {
    createFile("f", "abc");
    try (DiskFile file = disk().openForWrite(path("f"))) {
      file.write(bytes("d"), 3);
      file.force(true);
    }

    assertThat(contentOf("f")).isEqualTo("abcd");
  }

  @Test
  void refusesToChangeAFileThatIsOpenForReading() throws Exception {
    createFile("f", "abc");
    try (DiskFile file = disk().openForRead(path("f"))) {
      assertThatThrownBy(() -> file.write(bytes("d"), 3)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> file.truncate(0)).isInstanceOf(IllegalStateException.class);
    }
    assertThat(contentOf("f")).isEqualTo("abc");
  }

  @Test
  void callsAUseAfterCloseABrokenRuleAndNotADiskFault() throws Exception {
    DiskFile file = disk().create(path("f"));
    file.close();
    file.close();

    assertThatThrownBy(() -> read(file, 0, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> file.write(bytes("d"), 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> file.force(false)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void listsNamesInOrder() throws Exception {
    assertThat(disk().list(root())).isEmpty();
    createFile("b", "");
    createFile("a", "");
    disk().createDirectory(path("c"));

    assertThat(disk().list(root())).containsExactly("a", "b", "c");
    assertThat(disk().exists(path("a"))).isTrue();
    assertThat(disk().exists(path("c"))).isTrue();
    assertThat(disk().exists(path("d"))).isFalse();
  }

  @Test
  void makesADirectoryThatIsThereWithoutError() throws Exception {
    disk().createDirectory(path("d"));
    createFile("d/f", "kept");
    disk().createDirectory(path("d"));
    disk().syncDirectory(path("d"));

    assertThat(contentOf("d/f")).isEqualTo("kept");
    createFile("f", "");
    assertThatThrownBy(() -> disk().createDirectory(path("f"))).isInstanceOf(DiskFault.class);
  }

  @Test
  void deletesFilesAndEmptyDirectoriesAndSaysWhetherTheyWereThere() throws Exception {
    disk().createDirectory(path("d"));
    createFile("d/f", "x");

    assertThatThrownBy(() -> disk().delete(path("d"))).isInstanceOf(DiskFault.class);
    assertThat(disk().delete(path("d/f"))).isTrue();
    assertThat(disk().delete(path("d/f"))).isFalse();
    assertThat(disk().delete(path("d"))).isTrue();
    assertThat(disk().exists(path("d"))).isFalse();
  }

  @Test
  void keepsADeletedFileReadableForWhoeverHasItOpen() throws Exception {
    createFile("f", "abc");
    try (DiskFile file = disk().openForRead(path("f"))) {
      disk().delete(path("f"));

      assertThat(read(file, 0, 3)).isEqualTo("abc");
    }
  }

  @Test
  void renamesOverAnotherFile() throws Exception {
    createFile("old", "old");
    createFile("new", "new");
    disk().createDirectory(path("d"));

    disk().rename(path("new"), path("old"));
    assertThat(contentOf("old")).isEqualTo("new");
    assertThat(disk().exists(path("new"))).isFalse();

    disk().rename(path("old"), path("d/moved"));
    assertThat(contentOf("d/moved")).isEqualTo("new");
  }

  @Test
  void renamesADirectoryWithWhatIsInIt() throws Exception {
    disk().createDirectory(path("d"));
    createFile("d/f", "abc");

    disk().rename(path("d"), path("e"));

    assertThat(contentOf("e/f")).isEqualTo("abc");
    assertThat(disk().list(root())).containsExactly("e");
  }

  @Test
  void locksAFileForOneHolder() throws Exception {
    Optional<DiskLock> lock = disk().tryLock(path("lock"));
    assertThat(lock).isPresent();
    assertThat(disk().tryLock(path("lock"))).isEmpty();

    lock.orElseThrow().close();

    Optional<DiskLock> again = disk().tryLock(path("lock"));
    assertThat(again).isPresent();
    again.orElseThrow().close();
    assertThat(disk().exists(path("lock"))).isTrue();
  }

  @Test
  void knowsTheSpaceThatIsLeft() throws Exception {
    DiskSpace space = disk().space(root());

    assertThat(space.usable()).isPositive().isLessThanOrEqualTo(space.total());
  }
}
