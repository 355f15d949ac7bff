package org.martlet.objectserver.store;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.objectserver.index.IndexEntry;
import org.martlet.objectserver.index.LeafRefinement;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.volume.BodyChecksums;
import org.martlet.objectserver.volume.BodyLocation;
import org.martlet.objectserver.volume.Envelope;
import org.martlet.objectserver.volume.RecordKind;

/// What waits for the committer.
sealed interface Request {
  /// Bytes of body that wait in memory with it.
  long bytes();

  /// Whether there is a file that has to be removed if it is refused.
  default boolean bringsFile() {
    return false;
  }

  /// Answers that the committer did not do it; without effect if it was answered before.
  void refuse(MutationOutcome.Refusal refusal);

  /// A mutation with what was there when it was queued, for the committer to save a read.
  ///
  /// @param seenAt how many changes the index had when that was read; -1: it could not be read
  record Change(
      Mutation mutation, Current seen, long seenAt, CompletableFuture<MutationOutcome> answer)
      implements Request {
    ObjectKey key() {
      return mutation.key();
    }

    @Override
    public long bytes() {
      return body(mutation) instanceof InlineBody inline ? inline.size() : 0;
    }

    @Override
    public boolean bringsFile() {
      return body(mutation) instanceof StagedBlob;
    }

    @Override
    public void refuse(MutationOutcome.Refusal refusal) {
      answer.complete(refusal);
    }

    static @Nullable NewBody body(Mutation mutation) {
      return switch (mutation) {
        case Mutation.Put put -> put.body();
        case Mutation.Apply apply -> apply.body().orElse(null);
        case Mutation.Post post -> null;
        case Mutation.Delete delete -> null;
        case Mutation.Forget forget -> null;
      };
    }
  }

  /// The object is damaged, if it still is where it was found to be.
  record Quarantine(ObjectKey key, IndexEntry damaged, CompletableFuture<Boolean> answer)
      implements Request {
    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public void refuse(MutationOutcome.Refusal refusal) {
      answer.complete(false);
    }
  }

  /// An update was delivered.
  record Clear(DueMark mark, CompletableFuture<Boolean> answer) implements Request {
    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public void refuse(MutationOutcome.Refusal refusal) {
      answer.complete(false);
    }
  }

  /// Blob files that nothing refers to, of which those go that nothing ever will refer to. A file
  /// that was superseded is removed after its group: what is still there when this is taken is an
  /// orphan.
  record Sweep(List<Long> blobs, CompletableFuture<Integer> answer) implements Request {
    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public void refuse(MutationOutcome.Refusal refusal) {
      answer.complete(0);
    }
  }

  /// What is known of an object is to be written anew at the end of the log, unless it has changed.
  ///
  /// @param found the entry that the copy was read by
  record Relocate(ObjectKey key, IndexEntry found, Copy copy, CompletableFuture<Boolean> answer)
      implements Request {
    @Override
    public long bytes() {
      return copy instanceof Copy.Whole whole ? whole.checksums().size() : 0;
    }

    @Override
    public void refuse(MutationOutcome.Refusal refusal) {
      answer.complete(false);
    }
  }

  /// What a relocated record consists of.
  sealed interface Copy {
    /// A gone record, of its kind.
    record Gone(RecordKind kind) implements Copy {}

    /// An object or a tombstone.
    ///
    /// @param place of the body; null: it comes into the record
    /// @param body what comes into the record
    record Whole(
        Envelope envelope,
        @Nullable BodyLocation place,
        List<ByteBuffer> body,
        BodyChecksums checksums)
        implements Copy {}
  }

  /// Finer digests are to be begun once what is before it in the queue is done; the answer is empty
  /// if they were not.
  record BeginRefinement(int leafBits, CompletableFuture<Optional<LeafRefinement>> answer)
      implements Request {
    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public void refuse(MutationOutcome.Refusal refusal) {
      answer.complete(Optional.empty());
    }
  }

  /// The next piece of finer digests.
  ///
  /// @param piece null: there is none left, they take the place of the others
  record Refine(
      LeafRefinement refinement,
      LeafRefinement.@Nullable Leaves piece,
      CompletableFuture<Boolean> answer)
      implements Request {
    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public void refuse(MutationOutcome.Refusal refusal) {
      answer.complete(false);
    }
  }

  /// Finer digests are given up.
  record EndRefinement(LeafRefinement refinement, CompletableFuture<Boolean> answer)
      implements Request {
    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public void refuse(MutationOutcome.Refusal refusal) {
      answer.complete(false);
    }
  }

  /// Waited too long: to be refused.
  record Expired(Request request) implements Request {
    @Override
    public long bytes() {
      return request.bytes();
    }

    @Override
    public void refuse(MutationOutcome.Refusal refusal) {
      request.refuse(refusal);
    }
  }
}
