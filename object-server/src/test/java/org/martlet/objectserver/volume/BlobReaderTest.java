package org.martlet.objectserver.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.disk.CrashDisk;
import org.martlet.common.disk.DiskFile;
import org.martlet.common.disk.PowerSwitch;

/// Large bodies, whose tables of checksums are read in parts: here of two entries.
class BlobReaderTest {
  private static final Path ROOT = Path.of("/srv/d1");
  private static final int BLOCK = BlockChecksums.BLOCK_BYTES;
  private static final int SIZE = 6 * BLOCK + 1000;
  private static final int BLOCKS = 7;
  private static final long ID = 0x1234;

  private final CrashDisk disk = new CrashDisk(new PowerSwitch(), ROOT);
  private final BlobFiles files =
      new BlobFiles(disk, ROOT.resolve("blobs"), ROOT.resolve("quarantine"));
  private final byte[] body = new byte[SIZE];
  private int crc32c;

  @BeforeEach
  void write() throws IOException {
    new Random(1).nextBytes(body);
    disk.createDirectory(ROOT.resolve("blobs"));
    try (BlobAppender appender = new BlobAppender(files, ID)) {
      appender.append(ByteBuffer.wrap(body));
      crc32c = appender.finish().whole();
    }
  }

  private BlobReader open(int window) throws IOException, MalformedRecord {
    return BlobReader.open(files, ID, SIZE, crc32c, window);
  }

  private static ByteBuffer read(BlobReader reader, int block) throws IOException, MalformedRecord {
    ByteBuffer into = ByteBuffer.allocate(reader.blockLength(block));
    reader.readBlocks(block, into);
    return into.flip();
  }

  private void flip(long offset) throws IOException {
    try (DiskFile file = disk.openForWrite(ROOT.resolve("blobs/34/0000000000001234"))) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(one, offset);
      one.put(0, (byte) (one.get(0) ^ 0x10)).flip();
      file.write(one, offset);
    }
  }

  private static long tableEntry(int block) {
    return SIZE + (long) block * Integer.BYTES;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, BLOCKS - 1, BLOCKS, BlobFooter.WINDOW})
  void readsBlocksInAnyOrder(int window) throws Exception {
    try (BlobReader reader = open(window)) {
      for (int block : new int[] {6, 0, 3, 2, 5, 1, 4, 4, 0, 6}) {
        int from = block * BLOCK;
        assertThat(read(reader, block))
            .isEqualTo(ByteBuffer.wrap(body, from, Math.min(BLOCK, SIZE - from)));
      }
      ByteBuffer all = ByteBuffer.allocate(SIZE);
      reader.readBlocks(0, all);
      assertThat(all.array()).isEqualTo(body);
    }
  }

  @Test
  void readsOnlyThePartOfATableThatIsWanted() throws Exception {
    flip(tableEntry(4));
    try (BlobReader reader = open(2)) {
      assertThat(read(reader, 1).get(0)).isEqualTo(body[BLOCK]);
      assertThat(read(reader, 5).get(0)).isEqualTo(body[5 * BLOCK]);
    }
  }

  @Test
  void takesABlockWithAWrongChecksumForDamaged() throws Exception {
    flip(tableEntry(4));
    try (BlobReader reader = open(2)) {
      assertThatThrownBy(() -> read(reader, 4)).isInstanceOf(MalformedRecord.class);
    }
    assertThatThrownBy(() -> open(BLOCKS)).as("a whole table").isInstanceOf(MalformedRecord.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, BlobFooter.WINDOW})
  void handsOutNoDamagedBlock(int window) throws Exception {
    flip(3 * BLOCK + 17);
    try (BlobReader reader = open(window)) {
      assertThat(read(reader, 2).get(0)).isEqualTo(body[2 * BLOCK]);
      assertThatThrownBy(() -> read(reader, 3)).isInstanceOf(MalformedRecord.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8, 16, 24, 32})
  void takesAFooterOfAnythingElseForDamaged(int field) throws Exception {
    flip(tableEntry(BLOCKS) + field);
    assertThatThrownBy(() -> open(2)).isInstanceOf(MalformedRecord.class);
    assertThatThrownBy(() -> open(BLOCKS)).isInstanceOf(MalformedRecord.class);
  }

  @Test
  void takesAFileThatIsCutShortForDamaged() throws Exception {
    try (DiskFile file = disk.openForWrite(ROOT.resolve("blobs/34/0000000000001234"))) {
      file.truncate(tableEntry(BLOCKS));
    }
    assertThatThrownBy(() -> open(2)).isInstanceOf(MalformedRecord.class);
  }
}
