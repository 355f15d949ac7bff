package org.martlet.objectserver.store;

import com.google.common.util.concurrent.RateLimiter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.objectserver.index.IndexEntry;
import org.martlet.objectserver.index.LogPosition;
import org.martlet.objectserver.index.ObjectIndex;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.volume.BlobReader;
import org.martlet.objectserver.volume.BlockChecksums;
import org.martlet.objectserver.volume.BodyLocation;
import org.martlet.objectserver.volume.Envelope;
import org.martlet.objectserver.volume.MalformedRecord;
import org.martlet.objectserver.volume.RecordHeader;
import org.martlet.objectserver.volume.RecordLocation;
import org.martlet.objectserver.volume.VolumeInfo;
import org.martlet.objectserver.volume.VolumeScanner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks for rot before anybody reads it: verifies every byte that the index refers to, volumes
/// front to back and then blobs in the order in which they were written, and compares the index
/// with itself at the end of a pass.
///
/// What is damaged is quarantined, as if a client had read it; what cannot be read (EIO) is
/// counted and left. A pass that a restart interrupts goes on behind the last volume or blob that
/// was finished.
final class Auditor {
  private static final Logger LOG = LoggerFactory.getLogger(Auditor.class);
  private static final int BUFFER_BYTES = 4 * BlockChecksums.BLOCK_BYTES;
  private static final int BLOBS_PER_LOOK = 64;
  private static final Duration LOOK = Duration.ofMinutes(1);

  private final DeviceParts parts;
  private final ObjectIndex index;
  private final ObjectReads.Damage damage;
  private final Orphans orphans;
  private final InstantSource clock;
  private final Duration interval;
  private final RateLimiter limiter;
  private final BufferPool buffers = new BufferPool();
  private final BackgroundLoop loop;
  private AuditNote note;
  private volatile AuditReport report;

  /// What happens to blob files that nothing refers to.
  interface Orphans {
    /// Removes those that nothing will refer to either; returns once that is decided.
    ///
    /// @return how many
    int remove(List<Long> blobs);
  }

  /// @param name of the thread
  /// @param damage what happens to what is found
  /// @param orphans what happens to files that nothing refers to
  Auditor(
      String name,
      DeviceParts parts,
      ObjectReads.Damage damage,
      Orphans orphans,
      InstantSource clock,
      DeviceStoreConfig.Audit config)
      throws KeyValueFault {
    this.parts = parts;
    this.index = parts.index();
    this.damage = damage;
    this.orphans = orphans;
    this.clock = clock;
    this.interval = config.interval();
    this.limiter = RateLimiter.create((double) config.bytesPerSecond().bytes());
    this.note =
        index.position().equals(LogPosition.START)
            ? AuditNote.NONE.notBefore(clock.millis())
            : AuditNote.decode(index.auditNote());
    Duration look = interval.compareTo(LOOK) < 0 ? interval : LOOK;
    this.loop = new BackgroundLoop(name, look, this::passIfDue);
    this.report = new AuditReport(note, 0, 0, 0, List.of());
  }

  /// The device is being closed.
  private static final class Stopped extends IOException {
    Stopped() {
      super("the audit was stopped");
    }
  }

  private void passIfDue() {
    if (isDue()) {
      pass();
    }
  }

  /// A pass that was begun is due; a new one is when the interval since the last is over.
  private boolean isDue() {
    boolean begun = note.volume() != 0 || note.blob() != 0;
    return begun || clock.millis() - note.finishedMillis() >= interval.toMillis();
  }

  /// Goes on with the pass under way, or makes one, to its end.
  synchronized void pass() {
    try {
      auditVolumes();
      auditBlobs();
      auditFiles();
      List<String> alarms = index.check(this::paceOfCheck);
      alarms.forEach(alarm -> LOG.error("the index contradicts itself: {}", alarm));
      LOG.info(
          "audit is done: {} bytes verified, {} damaged", note.verifiedBytes(), note.damaged());
      progress(note.finished(clock.millis()));
      report = report.withAlarms(alarms);
    } catch (Stopped e) {
      LOG.debug("{}", e.getMessage());
    } catch (KeyValueFault e) {
      parts.health().offline("auditing the index failed", e);
    } catch (RuntimeException | Error e) {
      parts.health().offline("the audit failed", e);
      throw e;
    } catch (IOException e) {
      LOG.error("the audit was given up until the next look", e);
    }
  }

  private void auditVolumes() throws IOException {
    SortedMap<Integer, Long> ends = new TreeMap<>(parts.volumes().sealed());
    LogPosition newest = index.position();
    ends.put(newest.volume(), newest.offset());
    for (Map.Entry<Integer, Long> end : ends.tailMap(note.volume() + 1).entrySet()) {
      int volume = end.getKey();
      try {
        new VolumeScanner(parts.volumes())
            .scan(volume, VolumeInfo.FIRST_RECORD, end.getValue(), new RecordCheck());
      } catch (NoSuchFileException e) {
        LOG.debug("volume {} was removed meanwhile", volume);
      } catch (DiskFault e) {
        unreadable("volume " + volume, e);
      }
      progress(note.afterVolume(volume));
    }
  }

  private void unreadable(String what, IOException e) {
    LOG.error("{} cannot be read", what, e);
    report = report.withUnreadable();
  }

  private void found(ObjectKey key, IndexEntry entry, IOException reason) throws KeyValueFault {
    if (entry.equals(index.get(key))) {
      damage.report(key, entry, reason);
      note = note.foundDamage();
      report = report.withDamage(note);
    }
  }

  private void pace(long bytes) {
    if (bytes > 0) {
      limiter.acquire(Math.toIntExact(bytes));
    }
  }

  private void paceOfCheck(long bytes) throws Stopped {
    checkStopped();
    pace(bytes);
  }

  private void checkStopped() throws Stopped {
    if (loop.isStopped() || parts.health().isOver()) {
      throw new Stopped();
    }
  }

  private void progress(AuditNote next) throws KeyValueFault {
    note = next;
    try {
      index.keepAuditNote(next.encode());
    } catch (KeyValueFault e) {
      if (e.kind() != KeyValueFault.Kind.NO_SPACE) {
        throw e;
      }
      LOG.warn("no space for a note of how far the audit is: {}", e.getMessage());
    }
    report = report.at(next);
  }

  /// Verifies the records of a volume that are in use.
  private final class RecordCheck implements VolumeScanner.Visitor {
    @Override
    public void record(RecordHeader header, @Nullable Envelope envelope, RecordLocation at)
        throws IOException {
      checkStopped();
      pace(at.length());
      ObjectKey key = header.key();
      IndexEntry entry = index.get(key);
      // A gone record is its header, which the walk has verified.
      if (entry == null
          || !entry.isPresent()
          || !(entry.record().equals(at) || entry.body().equals(new BodyLocation.InRecord(at)))) {
        return;
      }
      ByteBuffer buffer = buffers.take(at.length());
      try {
        parts.records().readWhole(key, at, buffer);
        note = note.verified(at.length());
      } catch (MalformedRecord e) {
        found(key, entry, e);
      } catch (DiskFault e) {
        unreadable("a record of volume " + at.volume(), e);
      } finally {
        buffers.give(buffer);
      }
    }

    @Override
    public void damaged(int volume, long from, long to) throws IOException {
      LOG.error("volume {} is damaged from {} to {}", volume, from, to);
      index.forEach(
          (key, entry) -> {
            checkStopped();
            if (lies(entry.record(), volume, from, to)
                || (entry.body() instanceof BodyLocation.InRecord body
                    && lies(body.at(), volume, from, to))) {
              found(key, entry, new IOException("volume " + volume + " is damaged there"));
            }
          });
    }

    private static boolean lies(RecordLocation at, int volume, long from, long to) {
      return at.volume() == volume && at.offset() < to && at.end() > from;
    }
  }

  private void auditBlobs() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    List<ObjectIndex.BlobOwner> blobs = index.blobs(note.blob(), BLOBS_PER_LOOK);
    while (!blobs.isEmpty()) {
      for (ObjectIndex.BlobOwner blob : blobs) {
        checkStopped();
        auditBlob(blob, buffer);
      }
      progress(note.afterBlob(blobs.getLast().id()));
      blobs = index.blobs(note.blob(), BLOBS_PER_LOOK);
    }
  }

  /// Finds the files that no object refers to: of uploads whose file could not be removed.
  private void auditFiles() throws IOException {
    for (String directory : parts.blobs().directories()) {
      checkStopped();
      List<Long> suspects = new ArrayList<>();
      for (long id : parts.blobs().list(directory)) {
        if (!parts.blobs().isUnsettled(id) && !index.isReferenced(id)) {
          suspects.add(id);
        }
      }
      if (!suspects.isEmpty()) {
        int removed = orphans.remove(suspects);
        LOG.warn("{} blobs that no object refers to were removed", removed);
        report = report.withOrphans(removed);
      }
    }
  }

  private void auditBlob(ObjectIndex.BlobOwner blob, ByteBuffer buffer) throws IOException {
    IndexEntry entry = index.get(blob.key());
    if (entry == null
        || entry.clocks() == null
        || !entry.body().equals(new BodyLocation.InBlob(blob.id()))) {
      return;
    }
    try {
      int crc32c = parts.records().readEnvelope(blob.key(), entry.record()).bodyCrc();
      long size = entry.clocks().size();
      try (BlobReader reader = BlobReader.open(parts.blobs(), blob.id(), size, crc32c)) {
        verify(reader, size, buffer);
      }
    } catch (MalformedRecord | NoSuchFileException e) {
      found(blob.key(), entry, e);
    } catch (DiskFault e) {
      unreadable("a blob", e);
    }
  }

  private void verify(BlobReader reader, long size, ByteBuffer buffer) throws IOException {
    for (long offset = 0; offset < size; offset += BUFFER_BYTES) {
      checkStopped();
      int length = (int) Math.min(BUFFER_BYTES, size - offset);
      pace(length);
      reader.readBlocks((int) (offset / BlockChecksums.BLOCK_BYTES), buffer.clear());
      note = note.verified(length);
    }
  }

  AuditReport report() {
    return report;
  }

  /// Its thread; stopped, it gives up what is under way as soon as it can.
  BackgroundLoop loop() {
    return loop;
  }
}
