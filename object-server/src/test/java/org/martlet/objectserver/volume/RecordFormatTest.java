package org.martlet.objectserver.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.martlet.common.disk.CrashDisk;
import org.martlet.common.disk.DiskFile;
import org.martlet.common.disk.PowerSwitch;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.objectserver.state.Etag;
import org.martlet.objectserver.state.HeaderMap;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.state.ObjectRecord;
import org.martlet.objectserver.state.ObjectState;

class RecordFormatTest {
  private static final Path VOLUMES = Path.of("/volumes");
  private static final UUID DEVICE = new UUID(1, 2);
  private static final ObjectKey KEY = new ObjectKey(3, new ObjectHash(-5, 7), 255);
  private static final byte[] BODY = "a body of a few bytes".repeat(10).getBytes();

  private final CrashDisk disk = new CrashDisk(new PowerSwitch(), VOLUMES);
  private final VolumeDirectory directory = new VolumeDirectory(disk, VOLUMES, DEVICE);
  private final Volumes volumes = new Volumes(directory);
  private VolumeWriter writer;
  private RecordReader reader;

  @BeforeEach
  void open() {
    writer = writer(1 << 20, 0, 0);
    reader = new RecordReader(volumes);
  }

  private VolumeWriter writer(long limit, int last, long lastEnd) {
    return new VolumeWriter(
        directory,
        volumes,
        new VolumeWriter.Settings(DEVICE, limit, 1, () -> 0x1234_5678_9abcL, () -> 1),
        last,
        lastEnd);
  }

  private static Envelope envelope() {
    ObjectState state =
        ObjectState.put(
            new Timestamp(123, 4),
            new Etag(5, -6),
            BODY.length,
            HeaderMap.of(Map.of("X-Object-Sysmeta-A", "ü")),
            "text/plain",
            HeaderMap.of(Map.of("X-Object-Meta-B", "")));
    ObjectRecord record =
        new ObjectRecord(KEY, ObjectPath.object("a", "c", "o/with/slashes\0and more"), state);
    return new Envelope(record, null, 77, 5);
  }

  private static LogEntry entry(long sequence) {
    BlockChecksums checksums = new BlockChecksums();
    checksums.update(ByteBuffer.wrap(BODY));
    return new LogEntry(
        RecordKind.PUT_INLINE,
        KEY,
        sequence,
        envelope().encode(),
        List.of(ByteBuffer.wrap(BODY)),
        checksums.finish(),
        0);
  }

  private RecordLocation append(long sequence) throws IOException {
    writer.begin();
    RecordLocation at = writer.append(entry(sequence));
    writer.sync();
    return at;
  }

  @Test
  void readsBackWhatWasAppended() throws IOException {
    RecordLocation first = append(1);
    RecordLocation second = append(2);
    assertThat(second.offset()).isEqualTo(first.end());
    for (RecordLocation at : List.of(first, second)) {
      assertThat(reader.readEnvelope(KEY, at)).isEqualTo(envelope());
      RecordReader.WholeRecord whole = reader.readWhole(KEY, at, ByteBuffer.allocate(at.length()));
      assertThat(whole.envelope()).isEqualTo(envelope());
      assertThat(whole.body()).isEqualTo(ByteBuffer.wrap(BODY));
    }
  }

  @Test
  void aSyncedRecordWithADamagedBodyIsNotTakenForATornOne() throws IOException {
    RecordLocation first = append(1);
    RecordLocation second = append(2);
    flip(first.offset() + first.headLength() + 3);
    assertThat(endFound()).isEqualTo(second.end());
  }

  @Test
  void noticesAnyChangedByteOfARecord() throws IOException {
    RecordLocation at = append(1);
    for (long offset = at.offset(); offset < at.end(); offset++) {
      flip(offset);
      assertThatThrownBy(() -> reader.readWhole(KEY, at, ByteBuffer.allocate(at.length())))
          .as("byte %d of %d", offset - at.offset(), at.length())
          .isInstanceOf(MalformedRecord.class);
      if (offset < at.offset() + at.headLength()) {
        assertThatThrownBy(() -> reader.readEnvelope(KEY, at)).isInstanceOf(MalformedRecord.class);
      }
      flip(offset);
    }
    assertThat(reader.readEnvelope(KEY, at)).isEqualTo(envelope());
  }

  private void flip(long offset) throws IOException {
    try (DiskFile file = disk.openForWrite(directory.path(1))) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(one, offset);
      file.write(one.put(0, (byte) (one.get(0) ^ 1)).flip(), offset);
    }
  }

  @Test
  void aCopyOfARecordElsewhereIsNoRecord() throws IOException {
    RecordLocation at = append(1);
    try (DiskFile file = disk.openForWrite(directory.path(1))) {
      ByteBuffer copy = ByteBuffer.allocate(at.length());
      file.read(copy, at.offset());
      file.write(copy.flip(), at.end());
    }
    RecordLocation forged = new RecordLocation(1, at.end(), at.length(), at.headLength());
    assertThatThrownBy(() -> reader.readEnvelope(KEY, forged)).isInstanceOf(MalformedRecord.class);
    assertThat(endFound()).isEqualTo(at.end());
  }

  private long endFound() throws IOException {
    VolumeInfo volume = directory.survey().volumes().getLast();
    long first = volume.firstRecord();
    return new VolumeScanner(volumes).findEnd(volume, first, first).offset();
  }

  @Test
  void cutsATornTailAtTheLastValidRecord() throws IOException {
    append(1);
    RecordLocation last = append(2);
    for (long size = last.end() - 1; size > last.offset(); size--) {
      try (DiskFile file = disk.openForWrite(directory.path(1))) {
        file.truncate(size);
      }
      assertThat(endFound()).as("file of %d", size).isEqualTo(last.offset());
    }
  }

  @Test
  void cutsATailWithAHoleInItThoughAValidRecordFollows() throws IOException {
    append(1);
    writer.begin();
    RecordLocation torn = writer.append(entry(2));
    writer.append(entry(3));
    writer.sync();
    flip(torn.offset() + torn.headLength() + 3);
    assertThat(endFound()).isEqualTo(torn.offset());
    flip(torn.offset() + torn.headLength() + 3);
    flip(torn.offset());
    assertThat(endFound()).isEqualTo(torn.offset());
  }

  @Test
  void damageBelowWhatWasSyncedIsNotCut() throws IOException {
    RecordLocation damaged = append(1);
    append(2);
    RecordLocation last = append(3);
    flip(damaged.offset() + 3);
    assertThat(endFound()).isEqualTo(last.end());
    List<Long> found = new ArrayList<>();
    List<Long> lost = new ArrayList<>();
    new VolumeScanner(volumes)
        .scan(
            1,
            damaged.offset(),
            last.end(),
            new VolumeScanner.Visitor() {
              @Override
              public void record(RecordHeader header, Envelope envelope, RecordLocation at) {
                found.add(header.sequence());
              }

              @Override
              public void damaged(int volume, long from, long to) {
                lost.add(from);
                lost.add(to);
              }
            });
    assertThat(found).containsExactly(2L, 3L);
    assertThat(lost).containsExactly(damaged.offset(), damaged.end());
  }

  @Test
  void aFullVolumeIsFollowedByANewOneThatStatesItsEnd() throws IOException {
    writer = writer(1100, 0, 0);
    RecordLocation first = append(1);
    RecordLocation second = append(2);
    assertThat(second.volume()).isEqualTo(2);
    VolumeInfo next = directory.survey().volumes().getLast();
    assertThat(next.previous()).isEqualTo(1);
    assertThat(next.previousEnd()).isEqualTo(first.end());
    assertThat(reader.readEnvelope(KEY, first)).isEqualTo(envelope());
  }

  @Test
  void anUndoneGroupLeavesNothing() throws IOException {
    RecordLocation kept = append(1);
    writer.begin();
    writer.append(entry(2));
    writer.undo();
    assertThat(endFound()).isEqualTo(kept.end());
    RecordLocation next = append(3);
    assertThat(next.offset()).isEqualTo(kept.end());
    assertThat(reader.readEnvelope(KEY, next)).isEqualTo(envelope());
  }

  @Test
  void aFileThatNeverBecameAVolumeIsRemoved() throws IOException {
    append(1);
    disk.create(directory.path(2)).close();
    assertThat(directory.survey().volumes()).hasSize(1);
    assertThat(disk.exists(directory.path(2))).isFalse();
  }
}
