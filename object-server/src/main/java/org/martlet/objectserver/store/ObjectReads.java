package org.martlet.objectserver.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskOutOfHandles;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.objectserver.index.IndexEntry;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.volume.BlobReader;
import org.martlet.objectserver.volume.BodyLocation;
import org.martlet.objectserver.volume.Envelope;
import org.martlet.objectserver.volume.MalformedRecord;
import org.martlet.objectserver.volume.RecordReader.WholeRecord;

/// Finds and verifies objects.
///
/// What is found damaged is looked up again first: only if the index still points to the same
/// place is it damage, else the object has been changed meanwhile and is read anew.
///
/// Threads: any platform thread but the committer's.
final class ObjectReads {
  private static final int ATTEMPTS = 8;

  private final DeviceParts parts;
  private final BufferPool buffers;
  private final Damage damage;

  /// What happens to an object that is found damaged.
  interface Damage {
    /// Quarantines the object if it still is where it was found damaged; returns once that is
    /// decided.
    void report(ObjectKey key, IndexEntry found, IOException reason);
  }

  private interface Reader<T> {
    T read(ObjectKey key, IndexEntry entry) throws DiskFault, MalformedRecord, NoSuchFileException;
  }

  ObjectReads(DeviceParts parts, BufferPool buffers, Damage damage) {
    this.parts = parts;
    this.buffers = buffers;
    this.damage = damage;
  }

  /// The entry of an object or tombstone; null where there is neither.
  @Nullable IndexEntry entry(ObjectKey key) throws StoreFault {
    IndexEntry entry = anyEntry(key);
    return entry == null || !entry.isPresent() ? null : entry;
  }

  /// The entry of a key, also of one that is gone; null if it was never seen.
  @Nullable IndexEntry anyEntry(ObjectKey key) throws StoreFault {
    parts.health().checkReadable();
    try {
      return parts.index().get(key);
    } catch (KeyValueFault e) {
      throw indexFault(parts.health(), e);
    } catch (IllegalStateException e) {
      throw new StoreFault("the device is closed", e);
    }
  }

  static StoreFault indexFault(DeviceHealth health, KeyValueFault e) {
    health.offline("reading the index failed", e);
    return new StoreFault("reading the index failed", e);
  }

  Optional<StoredObject> read(ObjectKey key) throws StoreFault {
    return attempt(
        key,
        (k, entry) ->
            new StoredObject(
                parts.records().readEnvelope(k, entry.record()).record(), entry.sequence()));
  }

  /// The envelope of what this entry stands for; null if it is damaged (and quarantined), or has
  /// moved.
  @Nullable Envelope envelope(ObjectKey key, IndexEntry entry) throws StoreFault {
    try {
      return parts.records().readEnvelope(key, entry.record());
    } catch (MalformedRecord e) {
      if (entry.equals(entry(key))) {
        damage.report(key, entry, e);
      }
      return null;
    } catch (DiskFault e) {
      throw readFault(e);
    }
  }

  Optional<OpenObject> open(ObjectKey key) throws StoreFault {
    return attempt(key, this::open);
  }

  private <T> Optional<T> attempt(ObjectKey key, Reader<T> reader) throws StoreFault {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      IndexEntry entry = entry(key);
      if (entry == null) {
        return Optional.empty();
      }
      try {
        return Optional.of(reader.read(key, entry));
      } catch (MalformedRecord | NoSuchFileException e) {
        if (entry.equals(entry(key))) {
          damage.report(key, entry, e);
          throw new StoreFault.Damaged(key.hash() + " is damaged: " + e.getMessage());
        }
      } catch (DiskFault e) {
        throw readFault(e);
      }
    }
    throw new StoreFault(key.hash() + " changes too fast to be read", new MutationOutcome.Busy());
  }

  static StoreFault readFault(DiskFault e) {
    return e instanceof DiskOutOfHandles
        ? new StoreFault(e.getMessage(), new MutationOutcome.Busy())
        : new StoreFault("reading failed", e);
  }

  private OpenObject open(ObjectKey key, IndexEntry entry)
      throws DiskFault, MalformedRecord, NoSuchFileException {
    return switch (entry.body()) {
      case BodyLocation.InRecord body -> openInline(key, entry, body);
      case BodyLocation.InBlob blob -> openBlob(key, entry, blob.id());
      case BodyLocation.None none -> {
        Envelope envelope = parts.records().readEnvelope(key, entry.record());
        StoredObject object = new StoredObject(envelope.record(), entry.sequence());
        yield new InlineOpenObject(object, 0, ByteBuffer.allocate(0), () -> {});
      }
    };
  }

  private OpenObject openInline(ObjectKey key, IndexEntry entry, BodyLocation.InRecord body)
      throws DiskFault, MalformedRecord {
    ByteBuffer buffer = buffers.take(body.at().length());
    try {
      WholeRecord whole = parts.records().readWhole(key, body.at(), buffer);
      Envelope newest =
          body.at().equals(entry.record())
              ? whole.envelope()
              : parts.records().readEnvelope(key, entry.record());
      StoredObject object = new StoredObject(newest.record(), entry.sequence());
      return new InlineOpenObject(
          object, whole.bodyCrc(), whole.body(), () -> buffers.give(buffer));
    } catch (DiskFault | MalformedRecord | RuntimeException e) {
      buffers.give(buffer);
      throw e;
    }
  }

  private OpenObject openBlob(ObjectKey key, IndexEntry entry, long id)
      throws DiskFault, MalformedRecord, NoSuchFileException {
    Envelope envelope = parts.records().readEnvelope(key, entry.record());
    StoredObject object = new StoredObject(envelope.record(), entry.sequence());
    long size = envelope.record().state().data().size();
    int crc32c = envelope.bodyCrc();
    BlobReader reader = BlobReader.open(parts.blobs(), id, size, crc32c);
    return new BlobOpenObject(
        object, crc32c, reader, buffers, reason -> damage.report(key, entry, reason));
  }
}
