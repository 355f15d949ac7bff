package org.martlet.objectserver.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.objectserver.index.IndexChange;
import org.martlet.objectserver.index.IndexEntry;
import org.martlet.objectserver.index.LeafRefinement;
import org.martlet.objectserver.index.LogPosition;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.state.ObjectState;
import org.martlet.objectserver.volume.BodyChecksums;
import org.martlet.objectserver.volume.BodyLocation;
import org.martlet.objectserver.volume.Envelope;
import org.martlet.objectserver.volume.LogEntry;
import org.martlet.objectserver.volume.MalformedRecord;
import org.martlet.objectserver.volume.RecordKind;
import org.martlet.objectserver.volume.RecordLocation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One group on its way to disk: decides each request against the index and what the group itself
/// has changed, appends the records, syncs them, changes the index, and only then answers
/// anybody.
///
/// Threads: the committer's.
final class GroupCommit {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
  private static final Duration RETRY = Duration.ofMillis(100);

  private final DeviceParts parts;
  private final CommitQueue queue;
  private final IndexChange change;
  private final Map<ObjectKey, Envelope> written = new HashMap<>();
  private final List<Runnable> answers = new ArrayList<>();
  private final List<StagedBlob> unused = new ArrayList<>();
  private final List<Long> quarantined = new ArrayList<>();
  private final List<Long> orphans = new ArrayList<>();
  private boolean begun;
  private long appendedBytes;
  private long relocatedBytes;
  private long blobBytes;

  GroupCommit(DeviceParts parts, CommitQueue queue) {
    this.parts = parts;
    this.queue = queue;
    this.change = parts.index().change();
  }

  /// Decides all requests and makes the changes durable and visible. Nobody has been answered yet
  /// on return: that is [#answer]'s.
  ///
  /// @throws DiskFault from the log: nothing of the group is visible
  /// @throws KeyValueFault from the index: the group may be in the log
  void run(List<Request> group) throws IOException {
    DeviceHealth.Watch watch = parts.health().watch();
    try {
      log(group);
    } finally {
      watch.end();
    }
    if (!change.isEmpty()) {
      moveIndex();
    }
  }

  /// Decides all requests and makes the changes durable in the log.
  private void log(List<Request> group) throws IOException {
    for (Request request : group) {
      switch (request) {
        case Request.Change mutation -> mutate(mutation);
        case Request.Quarantine quarantine -> quarantine(quarantine);
        case Request.Clear clear -> clear(clear);
        case Request.Relocate relocate -> {
          long before = appendedBytes;
          relocate(relocate);
          relocatedBytes += appendedBytes - before;
        }
        case Request.Sweep sweep -> sweep(sweep);
        case Request.Expired expired -> expire(expired);
        case Request.BeginRefinement begin -> answers.add(() -> beginRefinement(begin));
        case Request.Refine refine -> refine(refine);
        case Request.EndRefinement end -> answers.add(() -> endRefinement(end));
      }
    }
    if (begun) {
      parts.writer().sync();
    }
    if (!change.isEmpty()) {
      change.prepare(position());
    }
  }

  /// The log has the group, so the index must get it: where the index finds no space, this waits
  /// for space. The device counts as full meanwhile, not as hung: it can be read.
  private void moveIndex() throws KeyValueFault {
    try {
      for (boolean moved = false; !moved; ) {
        moved = writeIndex();
      }
    } finally {
      parts.health().indexHasSpace();
    }
  }

  /// @return false, after a while, if there was no space
  private boolean writeIndex() throws KeyValueFault {
    DeviceHealth.Watch watch = parts.health().watch();
    try {
      change.write();
      return true;
    } catch (KeyValueFault e) {
      if (e.kind() != KeyValueFault.Kind.NO_SPACE) {
        throw e;
      }
      watch.end();
      parts.health().indexFull(e);
      LOG.debug("no space for the index: {}", e.getMessage());
      if (queue.awaitClose(RETRY)) {
        throw e;
      }
      return false;
    } finally {
      watch.end();
    }
  }

  private LogPosition position() {
    return begun
        ? new LogPosition(parts.writer().number(), parts.writer().end(), parts.sequences().epoch())
        : parts.index().position();
  }

  /// What was written for the group.
  WrittenReport written() {
    return new WrittenReport(appendedBytes - relocatedBytes + blobBytes, relocatedBytes);
  }

  /// Takes back what was appended, after there was no space for it.
  void undo() throws DiskFault {
    if (begun) {
      parts.writer().undo();
    }
  }

  /// Tells everybody what became of their requests.
  void answer() {
    answers.forEach(Runnable::run);
  }

  /// Removes the files that nothing refers to any more.
  void cleanUp() throws IOException {
    for (StagedBlob blob : unused) {
      parts.blobs().delete(blob.id());
    }
    for (long id : orphans) {
      // What is older than this start was swept at its beginning: it came from elsewhere.
      if (parts.sequences().isOfThisStart(id)) {
        parts.blobs().delete(id);
      } else {
        parts.blobs().quarantine(id);
      }
    }
    for (long id : change.releasedBlobs()) {
      if (quarantined.contains(id)) {
        parts.blobs().quarantine(id);
      } else {
        parts.blobs().delete(id);
      }
    }
  }

  private void expire(Request.Expired expired) {
    if (expired.request() instanceof Request.Change mutation) {
      keepUnused(mutation.mutation());
    }
    answers.add(() -> expired.refuse(new MutationOutcome.Busy()));
  }

  private void keepUnused(Mutation mutation) {
    if (Request.Change.body(mutation) instanceof StagedBlob blob) {
      unused.add(blob);
    }
  }

  private void mutate(Request.Change request) throws IOException {
    Mutation mutation = request.mutation();
    Current current = current(request);
    Plan plan = Planner.plan(mutation, current);
    if (plan instanceof Plan.NeedsRecord && current.entry() != null) {
      try {
        current = new Current(current.entry(), readRecord(mutation.key(), current.entry()));
        plan = Planner.plan(mutation, current);
      } catch (MalformedRecord e) {
        plan = new Plan.Answer(new MutationOutcome.Busy());
      }
    }
    MutationOutcome outcome =
        switch (plan) {
          case Plan.Answer answer -> answer.outcome();
          case Plan.Write write -> write(write, mutation, current);
          case Plan.Forget forget -> forget(forget, mutation.key(), current);
          case Plan.NeedsRecord needs -> throw new IllegalStateException("the record was given");
        };
    if (!(plan instanceof Plan.Write write) || write.newBody() == null) {
      keepUnused(mutation);
    }
    CompletableFuture<MutationOutcome> future = request.answer();
    answers.add(() -> future.complete(outcome));
  }

  private Current current(Request.Change request) throws KeyValueFault {
    ObjectKey key = request.key();
    Current seen = request.seen();
    IndexEntry entry = change.get(key, seen.entry(), request.seenAt());
    Envelope envelope = written.get(key);
    if (envelope == null && entry != null && entry.sequence() == seen.sequence()) {
      envelope = seen.envelope();
    }
    return new Current(entry, envelope);
  }

  private Envelope readRecord(ObjectKey key, IndexEntry entry) throws DiskFault, MalformedRecord {
    return parts.records().readEnvelope(key, entry.record());
  }

  private MutationOutcome write(Plan.Write plan, Mutation mutation, Current current)
      throws IOException {
    ObjectKey key = mutation.key();
    IndexEntry before = current.entry();
    NewBody body = plan.newBody();
    long due = mutation.due().mask() | (before == null ? 0 : before.due());
    Envelope envelope =
        new Envelope(plan.record(), place(plan, before), bodyCrc(plan, current), due);
    long sequence = parts.sequences().next();
    RecordLocation at =
        append(
            new LogEntry(
                plan.kind(),
                key,
                sequence,
                envelope.encode(),
                body instanceof InlineBody inline ? inline.chunks() : List.of(),
                body instanceof InlineBody inline ? inline.checksums() : BodyChecksums.EMPTY,
                before == null ? 0 : before.oldestVolume()));
    ObjectState state = plan.record().state();
    change.set(
        key,
        before,
        new IndexEntry(
            state.clocks(),
            sequence,
            at,
            envelope.bodyOf(at),
            due,
            state.deleteAt(),
            oldest(before, at)));
    written.put(key, envelope);
    blobBytes += body instanceof StagedBlob blob ? blob.size() : 0;
    return new MutationOutcome.Stored(plan.record(), sequence, current.optionalClocks());
  }

  /// Where the body of a state to be written lies; null: in the record itself.
  private static @Nullable BodyLocation place(Plan.Write plan, @Nullable IndexEntry before) {
    return switch (plan.newBody()) {
      case InlineBody inline -> null;
      case StagedBlob blob -> new BodyLocation.InBlob(blob.id());
      case null ->
          plan.record().state().isLive() && before != null ? before.body() : BodyLocation.NONE;
    };
  }

  private static int bodyCrc(Plan.Write plan, Current current) {
    NewBody body = plan.newBody();
    if (body != null) {
      return body.crc32c();
    }
    Envelope envelope = current.envelope();
    return plan.record().state().isLive() && envelope != null ? envelope.bodyCrc() : 0;
  }

  private static int oldest(@Nullable IndexEntry before, RecordLocation at) {
    return before == null ? at.volume() : before.oldestVolume();
  }

  private RecordLocation append(LogEntry entry) throws IOException {
    if (!begun) {
      parts.writer().begin();
      begun = true;
    }
    RecordLocation at = parts.writer().append(entry);
    appendedBytes += at.length();
    return at;
  }

  private MutationOutcome forget(Plan.Forget plan, ObjectKey key, Current current)
      throws IOException {
    IndexEntry before = current.entry();
    if (before != null) {
      writeGone(plan.kind(), key, before, before.oldestVolume());
    }
    return new MutationOutcome.Forgotten();
  }

  private void writeGone(RecordKind kind, ObjectKey key, IndexEntry before, int oldest)
      throws IOException {
    long sequence = parts.sequences().next();
    LogEntry entry = LogEntry.withoutBody(kind, key, sequence, ByteBuffer.allocate(0), oldest);
    RecordLocation at = append(entry);
    IndexEntry gone = IndexEntry.gone(sequence, at, oldest);
    change.set(key, before, gone);
    written.remove(key);
  }

  private void quarantine(Request.Quarantine request) throws IOException {
    IndexEntry entry = change.get(request.key());
    boolean unchanged = entry != null && isSamePlace(entry, request.damaged());
    if (entry != null && unchanged) {
      writeGone(RecordKind.QUARANTINE, request.key(), entry, entry.oldestVolume());
      if (entry.body() instanceof BodyLocation.InBlob blob) {
        quarantined.add(blob.id());
      }
    }
    answers.add(
        () -> {
          if (unchanged) {
            parts.health().faults().quarantined();
          }
          request.answer().complete(unchanged);
        });
  }

  private void sweep(Request.Sweep request) throws KeyValueFault {
    int before = orphans.size();
    for (long id : request.blobs()) {
      if (!parts.blobs().isUnsettled(id) && !parts.index().isReferenced(id)) {
        orphans.add(id);
      }
    }
    int found = orphans.size() - before;
    answers.add(() -> request.answer().complete(found));
  }

  /// Writes a record anew at the end of the log, unless the object has changed since it was read.
  private void relocate(Request.Relocate request) throws IOException {
    ObjectKey key = request.key();
    IndexEntry entry = change.get(key);
    boolean unchanged = entry != null && entry.sequence() == request.found().sequence();
    if (entry != null && unchanged) {
      switch (request.copy()) {
        case Request.Copy.Gone gone -> relocateGone(gone.kind(), key, entry);
        case Request.Copy.Whole whole -> relocateWhole(whole, key, entry);
      }
    }
    answers.add(() -> request.answer().complete(unchanged));
  }

  /// A gone record is needed as long as an older volume may hold a record of the key.
  private void relocateGone(RecordKind kind, ObjectKey key, IndexEntry entry) throws IOException {
    OptionalInt oldest = parts.volumes().oldest(entry.oldestVolume(), entry.record().volume());
    if (oldest.isPresent()) {
      writeGone(kind, key, entry, oldest.getAsInt());
    } else {
      change.remove(key, entry);
    }
  }

  private void relocateWhole(Request.Copy.Whole copy, ObjectKey key, IndexEntry entry)
      throws IOException {
    Envelope envelope =
        new Envelope(
            copy.envelope().record(), copy.place(), copy.envelope().bodyCrc(), entry.due());
    long sequence = parts.sequences().next();
    int oldest =
        parts
            .volumes()
            .oldest(entry.oldestVolume(), entry.record().volume())
            .orElse(entry.record().volume());
    RecordLocation at =
        append(
            new LogEntry(
                RecordKind.RELOCATE,
                key,
                sequence,
                envelope.encode(),
                copy.body(),
                copy.checksums(),
                oldest));
    change.set(
        key,
        entry,
        new IndexEntry(
            copy.envelope().record().state().clocks(),
            sequence,
            at,
            envelope.bodyOf(at),
            entry.due(),
            entry.deleteAt(),
            oldest));
    written.put(key, envelope);
  }

  private static boolean isSamePlace(IndexEntry now, IndexEntry then) {
    return now.isPresent() == then.isPresent()
        && now.record().equals(then.record())
        && now.body().equals(then.body());
  }

  private void clear(Request.Clear request) throws KeyValueFault {
    DueMark mark = request.mark();
    IndexEntry entry = change.get(mark.key());
    long bit = 1L << mark.target();
    boolean isDue =
        entry != null && entry.sequence() == mark.sequence() && (entry.due() & bit) != 0;
    if (entry != null && isDue) {
      change.set(mark.key(), entry, entry.withoutDue(bit));
    }
    answers.add(() -> request.answer().complete(isDue));
  }

  /// Between two groups: what the group has changed is in the index, what comes is not begun.
  private void beginRefinement(Request.BeginRefinement begin) {
    try {
      begin.answer().complete(Optional.of(parts.index().refineDigests(begin.leafBits())));
    } catch (KeyValueFault e) {
      begin.answer().completeExceptionally(e);
    }
  }

  private void refine(Request.Refine refine) {
    LeafRefinement.Leaves piece = refine.piece();
    if (piece == null) {
      change.end(refine.refinement());
    } else {
      change.add(refine.refinement(), piece);
    }
    answers.add(() -> refine.answer().complete(true));
  }

  private void endRefinement(Request.EndRefinement end) {
    parts.index().giveUp(end.refinement());
    end.answer().complete(true);
  }

  /// Refuses a whole group that could not be made durable.
  static void refuseAll(List<Request> group, MutationOutcome.Refusal refusal) {
    group.forEach(request -> request.refuse(refusal));
  }

  /// The blob files of a group that was refused.
  static List<StagedBlob> blobsOf(List<Request> group) {
    List<StagedBlob> blobs = new ArrayList<>();
    for (Request request : group) {
      Request inner = request instanceof Request.Expired expired ? expired.request() : request;
      if (inner instanceof Request.Change mutation) {
        Optional.ofNullable(Request.Change.body(mutation.mutation()))
            .filter(StagedBlob.class::isInstance)
            .map(StagedBlob.class::cast)
            .ifPresent(blobs::add);
      }
    }
    return blobs;
  }
}
