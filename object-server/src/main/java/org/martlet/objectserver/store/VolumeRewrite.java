package org.martlet.objectserver.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.martlet.common.disk.DiskFault;
import org.martlet.objectserver.index.IndexEntry;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.volume.BodyChecksums;
import org.martlet.objectserver.volume.BodyLocation;
import org.martlet.objectserver.volume.Envelope;
import org.martlet.objectserver.volume.MalformedRecord;
import org.martlet.objectserver.volume.RecordHeader;
import org.martlet.objectserver.volume.RecordKind;
import org.martlet.objectserver.volume.RecordLocation;
import org.martlet.objectserver.volume.RecordReader.WholeRecord;
import org.martlet.objectserver.volume.VolumeInfo;
import org.martlet.objectserver.volume.VolumeScanner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves what is of use out of one volume: walks its records, and has the committer write anew
/// each that the index still points to.
///
/// Every byte is verified before it is written again: what is damaged is quarantined, never
/// copied. At most [#BATCH_BYTES] of bodies, and one body more, are in memory at a time.
///
/// Threads: one.
final class VolumeRewrite implements VolumeScanner.Visitor {
  private static final Logger LOG = LoggerFactory.getLogger(VolumeRewrite.class);
  private static final long BATCH_BYTES = 1 << 20;
  private static final int BATCH_RECORDS = 128;

  private final DeviceParts parts;
  private final CommitQueue queue;
  private final ObjectReads.Damage damage;
  private final BufferPool buffers;
  private final Pace pace;
  private final LongPredicate goesOn;
  private final int volume;
  private final List<Request.Relocate> batch = new ArrayList<>();
  private final List<ByteBuffer> taken = new ArrayList<>();
  private long batchBytes;
  private long movedBytes;
  private long walkedBytes;
  private boolean foundDamage;

  /// Holds up who reads or writes too much; told before each step.
  interface Pace {
    void bytes(long count);
  }

  /// The rewrite was given up: the device is being closed, or takes no changes now.
  static final class Stopped extends IOException {
    Stopped(int volume) {
      super("the rewrite of volume " + volume + " was stopped");
    }
  }

  /// What a rewrite needs of its device.
  ///
  /// @param goesOn told how many bytes of the volume were walked; false: to be given up
  record Tools(
      DeviceParts parts,
      CommitQueue queue,
      ObjectReads.Damage damage,
      BufferPool buffers,
      Pace pace,
      LongPredicate goesOn) {}

  VolumeRewrite(Tools tools, int volume) {
    this.parts = tools.parts();
    this.queue = tools.queue();
    this.damage = tools.damage();
    this.buffers = tools.buffers();
    this.pace = tools.pace();
    this.goesOn = tools.goesOn();
    this.volume = volume;
  }

  /// Walks the volume's records and moves those that are of use.
  ///
  /// @param size of the volume
  /// @return the bytes of bodies that were moved
  long run(long size) throws IOException {
    return moving(
        () -> new VolumeScanner(parts.volumes()).scan(volume, VolumeInfo.FIRST_RECORD, size, this));
  }

  /// Asks the index for what it still finds in the volume: where headers are damaged, the walk
  /// does not come to all records. What cannot be read is quarantined.
  long runOverIndex() throws IOException {
    return moving(() -> parts.index().forEach(this::moveIfHere));
  }

  /// Whether the walk passed over bytes that should be records.
  boolean foundDamage() {
    return foundDamage;
  }

  private interface Walk {
    void go() throws IOException;
  }

  private long moving(Walk walk) throws IOException {
    movedBytes = 0;
    try {
      walk.go();
      submitBatch();
      return movedBytes;
    } finally {
      taken.forEach(buffers::give);
      taken.clear();
    }
  }

  private void moveIfHere(ObjectKey key, IndexEntry entry) throws IOException {
    checkStopped(walkedBytes);
    boolean here =
        entry.record().volume() == volume
            || (entry.body() instanceof BodyLocation.InRecord body && body.at().volume() == volume);
    if (here) {
      move(key, entry, RecordKind.QUARANTINE);
    }
  }

  @Override
  public void record(RecordHeader header, @Nullable Envelope envelope, RecordLocation at)
      throws IOException {
    checkStopped(at.offset());
    pace.bytes(at.length());
    ObjectKey key = header.key();
    IndexEntry entry = parts.index().get(key);
    if (entry != null && (entry.record().equals(at) || entry.body().equals(inRecord(at)))) {
      move(key, entry, header.kind());
    }
  }

  private static BodyLocation inRecord(RecordLocation at) {
    return new BodyLocation.InRecord(at);
  }

  @Override
  public void damaged(int damagedVolume, long from, long to) {
    LOG.error("volume {} is damaged from {} to {}: not copied", damagedVolume, from, to);
    foundDamage = true;
  }

  private void move(ObjectKey key, IndexEntry entry, RecordKind kind) throws IOException {
    Request.Copy copy;
    try {
      copy = entry.isPresent() ? whole(key, entry) : new Request.Copy.Gone(kind);
    } catch (MalformedRecord e) {
      if (entry.equals(parts.index().get(key))) {
        damage.report(key, entry, e);
      }
      return;
    }
    Request.Relocate request = new Request.Relocate(key, entry, copy, new CompletableFuture<>());
    batch.add(request);
    batchBytes += request.bytes();
    if (batchBytes >= BATCH_BYTES || batch.size() >= BATCH_RECORDS) {
      submitBatch();
    }
  }

  private Request.Copy whole(ObjectKey key, IndexEntry entry) throws DiskFault, MalformedRecord {
    if (!(entry.body() instanceof BodyLocation.InRecord body)) {
      Envelope envelope = parts.records().readEnvelope(key, entry.record());
      return new Request.Copy.Whole(envelope, entry.body(), List.of(), BodyChecksums.EMPTY);
    }
    ByteBuffer buffer = buffers.take(body.at().length());
    taken.add(buffer);
    WholeRecord read = parts.records().readWhole(key, body.at(), buffer);
    Envelope newest =
        body.at().equals(entry.record())
            ? read.envelope()
            : parts.records().readEnvelope(key, entry.record());
    return new Request.Copy.Whole(newest, null, List.of(read.body()), read.checksums());
  }

  private void checkStopped(long walked) throws Stopped {
    walkedBytes = walked;
    if (!goesOn.test(walked)) {
      throw new Stopped(volume);
    }
  }

  private void submitBatch() throws IOException {
    pace.bytes(batchBytes);
    if (parts.health().refusal(0) != null) {
      throw new Stopped(volume);
    }
    queue.addAll(batch);
    for (Request.Relocate request : batch) {
      if (request.answer().join()) {
        movedBytes += request.bytes();
      }
    }
    batch.clear();
    batchBytes = 0;
    taken.forEach(buffers::give);
    taken.clear();
  }
}
