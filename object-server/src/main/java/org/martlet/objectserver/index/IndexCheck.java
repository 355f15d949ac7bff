package org.martlet.objectserver.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.martlet.common.kv.KeyRange;
import org.martlet.common.kv.KeyValueCursor;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueReader;
import org.martlet.common.model.Digest;
import org.martlet.objectserver.state.ObjectKey;

/// Computes anew what the index keeps beside its entries, and compares: digests, counts, times of
/// expiry, bytes of volumes in use. The committer keeps them up to date by differences, so that any
/// difference found here is a fault of this program or of the machine.
///
/// Threads: one; it reads a snapshot, so the index may change meanwhile.
final class IndexCheck {
  private static final int MAX_DIFFERENCES = 20;
  private static final int PACE_RECORDS = 1024;

  private final KeyValueReader snapshot;
  private final StateDigest digests;
  private final LeafForm form;
  private final ObjectIndex.Pace pace;
  private final Map<Integer, PolicyCounts> counts = new HashMap<>();
  private final Map<VolumeUse, Long> uses = new HashMap<>();
  private final List<String> differences = new ArrayList<>();
  private long records;
  private long expiring;

  /// @param pace told how many bytes of the index were read
  IndexCheck(KeyValueReader snapshot, StateDigest digests, LeafForm form, ObjectIndex.Pace pace) {
    this.snapshot = snapshot;
    this.digests = digests;
    this.form = form;
    this.pace = pace;
  }

  /// What was found.
  ///
  /// @param records how many entries there are
  /// @param differences in words, at most the first twenty
  record Result(long records, List<String> differences) {}

  Result run() throws IOException {
    try (KeyValueCursor leaves = snapshot.cursor(Keys.DIGESTS, KeyRange.all());
        KeyValueCursor objects = snapshot.cursor(Keys.OBJECTS, KeyRange.all())) {
      LeafWalk walk = new LeafWalk(leaves);
      long bytes = 0;
      for (boolean on = objects.first(); on; on = objects.next()) {
        ObjectKey key = ObjectKey.read(ByteBuffer.wrap(objects.key()));
        IndexEntry entry = EntryCodec.decode(objects.value());
        count(key, entry);
        if (entry.clocks() != null) {
          walk.add(key, digests.of(key, entry.clocks()));
        }
        checkExpiry(key, entry);
        bytes += objects.key().length + objects.value().length;
        if (++records % PACE_RECORDS == 0) {
          pace.bytes(bytes);
          bytes = 0;
        }
      }
      walk.finish();
    }
    compareExpiries();
    compareMeta();
    return new Result(records, List.copyOf(differences));
  }

  private void checkExpiry(ObjectKey key, IndexEntry entry) throws KeyValueFault {
    if (entry.deleteAt() == 0) {
      return;
    }
    expiring++;
    if (snapshot.get(Keys.EXPIRIES, Keys.expiry(entry.deleteAt(), key)) == null) {
      differs("expiry of " + key, "never", entry.deleteAt());
    }
  }

  /// Every entry has its expiry: so there are no others where there are as many.
  private void compareExpiries() throws IOException {
    long kept = 0;
    try (KeyValueCursor cursor = snapshot.cursor(Keys.EXPIRIES, KeyRange.all())) {
      for (boolean on = cursor.first(); on; on = cursor.next()) {
        if (++kept % PACE_RECORDS == 0) {
          pace.bytes(PACE_RECORDS * (long) cursor.key().length);
        }
      }
    }
    if (kept != expiring) {
      differs("objects that expire", kept, expiring);
    }
  }

  private void count(ObjectKey key, IndexEntry entry) {
    PolicyCounts before = counts.getOrDefault(key.policy(), PolicyCounts.ZERO);
    counts.put(key.policy(), before.plus(entry, 1));
    VolumeUse.of(entry, (use, bytes) -> uses.merge(use, bytes, Long::sum));
  }

  private void differs(String what, Object stored, Object computed) {
    if (differences.size() < MAX_DIFFERENCES) {
      differences.add(what + ": the index says " + stored + ", its entries " + computed);
    }
  }

  private void compareMeta() throws KeyValueFault {
    try (KeyValueCursor meta = snapshot.cursor(Keys.META, KeyRange.all())) {
      for (boolean on = meta.first(); on; on = meta.next()) {
        compare(ByteBuffer.wrap(meta.key()), ByteBuffer.wrap(meta.value()));
      }
    }
    counts.forEach(
        (policy, count) -> {
          if (!count.equals(PolicyCounts.ZERO)) {
            differs("counts of policy " + policy, "nothing", count);
          }
        });
    uses.forEach((use, bytes) -> differs(use.toString(), "nothing", bytes));
  }

  private void compare(ByteBuffer key, ByteBuffer value) {
    byte prefix = key.get();
    switch (prefix) {
      case Keys.POLICY_PREFIX -> {
        int policy = Short.toUnsignedInt(key.getShort());
        var stored = new PolicyCounts(value.getLong(), value.getLong(), value.getLong());
        PolicyCounts computed = counts.getOrDefault(policy, PolicyCounts.ZERO);
        counts.remove(policy);
        if (!stored.equals(computed)) {
          differs("counts of policy " + policy, stored, computed);
        }
      }
      case Keys.VOLUME_PREFIX, Keys.GONE_PREFIX -> {
        VolumeUse use = VolumeUse.read(prefix, key);
        long stored = value.getLong();
        long computed = uses.getOrDefault(use, 0L);
        uses.remove(use);
        if (stored != computed) {
          differs(use.toString(), stored, computed);
        }
      }
      default -> {}
    }
  }

  /// Compares the stored leaves with those of the entries, both of which come in the same order.
  private final class LeafWalk {
    private final KeyValueCursor stored;
    private boolean onLeaf;
    private byte[] current = new byte[0];
    private Digest digest = Digest.ZERO;

    LeafWalk(KeyValueCursor stored) throws KeyValueFault {
      this.stored = stored;
      this.onLeaf = skipOthers(stored.first());
    }

    /// Over the leaves of finer digests that are in the making.
    private boolean skipOthers(boolean isOn) throws KeyValueFault {
      boolean on = isOn;
      while (on && !form.isOf(LeafName.read(stored.key()))) {
        on = stored.next();
      }
      return on;
    }

    void add(ObjectKey key, Digest value) throws KeyValueFault {
      byte[] leaf = form.nameOf(key).key();
      if (!Arrays.equals(leaf, current)) {
        endLeaf();
        current = leaf;
      }
      digest = digest.xor(value);
    }

    private void endLeaf() throws KeyValueFault {
      if (digest.equals(Digest.ZERO)) {
        return;
      }
      skipBelow(current);
      if (onLeaf && Arrays.equals(stored.key(), current)) {
        Digest kept = Digest.read(ByteBuffer.wrap(stored.value()));
        if (!kept.equals(digest)) {
          differs("digest of leaf " + LeafName.read(current), kept, digest);
        }
        onLeaf = skipOthers(stored.next());
      } else {
        differs("digest of leaf " + LeafName.read(current), "nothing", digest);
      }
      digest = Digest.ZERO;
    }

    private void skipBelow(byte[] leaf) throws KeyValueFault {
      while (onLeaf && Arrays.compareUnsigned(stored.key(), leaf) < 0) {
        differs(
            "digest of leaf " + LeafName.read(stored.key()),
            Digest.read(ByteBuffer.wrap(stored.value())),
            "nothing");
        onLeaf = skipOthers(stored.next());
      }
    }

    void finish() throws KeyValueFault {
      endLeaf();
      byte[] behindAll = new byte[16];
      Arrays.fill(behindAll, (byte) 0xff);
      skipBelow(behindAll);
    }
  }
}
