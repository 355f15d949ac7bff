package org.martlet.objectserver.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.martlet.objectserver.index.IndexEntry;
import org.martlet.objectserver.state.ObjectClocks;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.state.ObjectRecord;
import org.martlet.objectserver.state.ObjectState;
import org.martlet.objectserver.volume.BlobFiles;
import org.martlet.objectserver.volume.BodyLocation;
import org.martlet.objectserver.volume.Envelope;
import org.martlet.objectserver.volume.Probe;
import org.martlet.objectserver.volume.Probe.FoundBody;
import org.martlet.objectserver.volume.Probe.FoundRecord;
import org.martlet.objectserver.volume.RecordLocation;
import org.martlet.objectserver.volume.VolumeDirectory;
import org.martlet.objectserver.volume.Volumes;

/// Gathers what a device has of one object, and verifies all of it.
///
/// Changes nothing: what is found damaged is told, and left for reads and the audit to quarantine.
///
/// Threads: any platform thread but the committer's; blocks for as long as the body takes to read.
final class ObjectInspection {
  private static final int ATTEMPTS = 4;
  private static final int COUNTER_BITS = 40;
  private static final int MAX_DUE_TARGETS = Long.SIZE;

  private final UUID device;
  private final Place place;
  private final Entries entries;
  private final Probe probe;

  /// Where the index's knowledge of objects comes from.
  interface Entries {
    /// What is known of a key, gone entries included.
    @Nullable IndexEntry get(ObjectKey key) throws IOException;

    /// The digest that covers a key; null where that is not known.
    ObjectFacts.@Nullable Leaf leaf(ObjectKey key) throws IOException;
  }

  /// Where files are.
  ///
  /// @param root the device's directory
  record Place(Path root, VolumeDirectory directory, Volumes volumes, BlobFiles blobs) {
    String shown(Path file) {
      return root.relativize(file).toString();
    }

    String volume(int number) {
      return shown(directory.path(number));
    }
  }

  /// @param stopped asked between two reads of a large body
  ObjectInspection(UUID device, Place place, Entries entries, BooleanSupplier stopped) {
    this.device = device;
    this.place = place;
    this.entries = entries;
    this.probe = new Probe(place.volumes(), place.blobs(), stopped);
  }

  /// What looks damaged is looked at again if the object has changed or moved meanwhile.
  ObjectFacts inspect(ObjectKey key) throws IOException {
    for (int attempt = 1; ; attempt++) {
      IndexEntry entry = entries.get(key);
      if (entry == null) {
        return absent();
      }
      Look look = new Look(key, entry);
      ObjectFacts facts = look.facts();
      if (facts.isSound() || attempt == ATTEMPTS || entry.equals(entries.get(key))) {
        return facts;
      }
    }
  }

  private ObjectFacts absent() {
    return new ObjectFacts(
        device.toString(),
        ObjectFacts.State.ABSENT,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        List.of());
  }

  /// One look at one entry.
  private final class Look {
    private final ObjectKey key;
    private final IndexEntry entry;
    private final List<Probe.Check> checks = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private @Nullable FoundBody found;

    Look(ObjectKey key, IndexEntry entry) {
      this.key = key;
      this.entry = entry;
    }

    ObjectFacts facts() throws IOException {
      boolean bodyIsHere =
          entry.body() instanceof BodyLocation.InRecord body && body.at().equals(entry.record());
      FoundRecord newest = record(entry.record(), bodyIsHere, "");
      Envelope envelope = newest.envelope();
      if (envelope != null) {
        compareWithIndex(envelope.record().state());
      }
      verifyBody(bodyIsHere, envelope);
      ObjectClocks clocks = entry.clocks();
      return new ObjectFacts(
          device.toString(),
          state(),
          recordFacts(newest),
          clocks == null ? null : clocks(clocks),
          envelope == null || !entry.isLive() ? null : content(envelope),
          bodyFacts(bodyIsHere),
          clocks == null ? null : entries.leaf(key),
          checks.stream().map(c -> new ObjectFacts.Check(c.what(), c.good(), c.detail())).toList(),
          remarks);
    }

    private ObjectFacts.State state() {
      if (entry.isLive()) {
        return ObjectFacts.State.LIVE;
      }
      return entry.isPresent() ? ObjectFacts.State.DELETED : ObjectFacts.State.GONE;
    }

    private FoundRecord record(RecordLocation at, boolean withBody, String prefix)
        throws IOException {
      FoundRecord record;
      try {
        record = probe.record(key, at, withBody ? body -> found = body : null);
      } catch (NoSuchFileException e) {
        Probe.Check missing = new Probe.Check("record header", false, "its volume is missing");
        record = new FoundRecord(null, null, List.of(missing));
      }
      for (Probe.Check check : record.checks()) {
        checks.add(new Probe.Check(prefix + check.what(), check.good(), check.detail()));
      }
      return record;
    }

    private void compareWithIndex(ObjectState state) {
      checks.add(
          Probe.Check.of(
              "index entry",
              state.clocks().equals(entry.clocks()),
              "the index has other clocks, size or ETag than the record"));
    }

    private void verifyBody(boolean bodyIsHere, @Nullable Envelope envelope) throws IOException {
      ObjectClocks clocks = entry.clocks();
      if (clocks == null || !clocks.isLive()) {
        return;
      }
      switch (entry.body()) {
        case BodyLocation.None none -> {}
        case BodyLocation.InRecord other -> {
          if (!bodyIsHere) {
            record(other.at(), true, "body's ");
          }
        }
        case BodyLocation.InBlob blob -> {
          if (envelope != null) {
            checks.addAll(
                probe.blob(blob.id(), clocks.size(), envelope.bodyCrc(), body -> found = body));
          }
        }
      }
      FoundBody body = found;
      if (body == null) {
        return;
      }
      if (envelope != null) {
        checks.add(
            Probe.Check.of(
                "whole body",
                body.crc32c() == envelope.bodyCrc(),
                "its CRC-32C is " + HexFormat.of().toHexDigits(body.crc32c())));
      }
      checks.add(
          Probe.Check.of(
              "ETag", body.md5().equals(clocks.etag()), "the body's MD5 is " + body.md5()));
    }

    private ObjectFacts.LogRecord recordFacts(FoundRecord newest) {
      RecordLocation at = entry.record();
      String kind =
          newest.header() == null
              ? "damaged"
              : newest.header().kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (entry.body() instanceof BodyLocation.InRecord body && !body.at().equals(at)) {
        remarks.add("The body is in an older record than the metadata: a POST came after it.");
      }
      return new ObjectFacts.LogRecord(
          kind,
          entry.sequence() >>> COUNTER_BITS,
          entry.sequence() & ((1L << COUNTER_BITS) - 1),
          place.volume(at.volume()),
          at.offset(),
          at.length(),
          at.headLength(),
          entry.oldestVolume(),
          IntStream.range(0, MAX_DUE_TARGETS)
              .filter(target -> (entry.due() >>> target & 1) != 0)
              .boxed()
              .toList());
    }

    private ObjectFacts.@Nullable Body bodyFacts(boolean bodyIsHere) {
      return switch (entry.body()) {
        case BodyLocation.None none -> null;
        case BodyLocation.InRecord in ->
            new ObjectFacts.Body(
                bodyIsHere ? "inline" : "record",
                place.volume(in.at().volume()),
                bodyIsHere ? in.at().offset() + in.at().headLength() : in.at().offset(),
                bodyIsHere ? in.at().length() - in.at().headLength() : in.at().length());
        case BodyLocation.InBlob blob ->
            new ObjectFacts.Body(
                "blob",
                place.shown(place.blobs().path(blob.id())),
                0,
                entry.clocks() == null ? 0 : entry.clocks().size());
      };
    }
  }

  private static ObjectFacts.Clocks clocks(ObjectClocks clocks) {
    return new ObjectFacts.Clocks(
        clocks.data().internal(),
        clocks.deleted(),
        clocks.contentType().internal(),
        clocks.metadata().internal());
  }

  private static ObjectFacts.Content content(Envelope envelope) {
    ObjectRecord record = envelope.record();
    ObjectState state = record.state();
    return new ObjectFacts.Content(
        record.path().toString(),
        state.contentType().value(),
        state.data().size(),
        state.data().etag().toString(),
        HexFormat.of().toHexDigits(envelope.bodyCrc()),
        state.data().headers().entries(),
        state.metadata().headers().entries());
  }
}
