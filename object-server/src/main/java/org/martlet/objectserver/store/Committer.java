package org.martlet.objectserver.store;

import com.google.common.base.Ticker;
import java.util.List;
import org.martlet.common.disk.DiskFull;
import org.martlet.common.disk.DiskOutOfHandles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that changes a device: takes what waits and commits it as a group, again and
/// again.
///
/// A full file system costs the group, nothing else. Any other fault of a write, a sync or the
/// index takes the device offline: nothing is retried, since what the disk holds is not known any
/// more. Nothing that is thrown ends the thread: a device without a committer would look healthy
/// and answer nobody.
final class Committer implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

  private final DeviceParts parts;
  private final CommitQueue queue;
  private final IndexFlusher flusher;
  private final DeviceTimes times;
  private final Ticker ticker;
  private volatile WrittenReport written = WrittenReport.NOTHING;

  Committer(
      DeviceParts parts,
      CommitQueue queue,
      IndexFlusher flusher,
      DeviceTimes times,
      Ticker ticker) {
    this.parts = parts;
    this.queue = queue;
    this.flusher = flusher;
    this.times = times;
    this.ticker = ticker;
  }

  /// Commits groups until the queue is closed and empty.
  @Override
  public void run() {
    for (List<Request> group = queue.take(); !group.isEmpty(); group = queue.take()) {
      try {
        if (!parts.health().isOver()) {
          commit(group);
        }
      } catch (Throwable e) {
        parts.health().offline("the committer failed", e);
      }
      if (parts.health().isOver()) {
        refuse(group);
      }
    }
  }

  /// What was written since the device was opened; from any thread.
  WrittenReport written() {
    return written;
  }

  private void refuse(List<Request> group) {
    GroupCommit.refuseAll(group, new MutationOutcome.Unavailable(parts.health().status()));
  }

  private void commit(List<Request> group) {
    GroupCommit commit = new GroupCommit(parts, queue);
    long began = ticker.read();
    try {
      commit.run(group);
    } catch (DiskFull e) {
      outOfSpace(group, commit, e);
      return;
    } catch (DiskOutOfHandles e) {
      LOG.warn("a group could not be committed", e);
      takeBack(group, commit, new MutationOutcome.Busy());
      return;
    } catch (Throwable e) {
      parts.health().offline("commit failed", e);
      return;
    }
    times.committed(group.size(), ticker.read() - began);
    written = written.plus(commit.written());
    commit.answer();
    flusher.committed(parts.index().position());
    DeviceHealth.Watch watch = parts.health().watch();
    try {
      commit.cleanUp();
    } catch (DiskOutOfHandles e) {
      LOG.warn("files of no use stay until the next audit", e);
    } catch (Throwable e) {
      parts.health().offline("removing files failed", e);
    } finally {
      watch.end();
    }
  }

  private void outOfSpace(List<Request> group, GroupCommit commit, DiskFull e) {
    LOG.warn("no space for a group of {}: {}", group.size(), e.getMessage());
    parts.health().foundFull();
    takeBack(group, commit, new MutationOutcome.InsufficientStorage());
  }

  private void takeBack(List<Request> group, GroupCommit commit, MutationOutcome.Refusal refusal) {
    DeviceHealth.Watch watch = parts.health().watch();
    try {
      commit.undo();
      for (StagedBlob blob : GroupCommit.blobsOf(group)) {
        parts.blobs().delete(blob.id());
      }
    } catch (Throwable e) {
      parts.health().offline("taking back a group failed", e);
      return;
    } finally {
      watch.end();
    }
    GroupCommit.refuseAll(group, refusal);
  }
}
