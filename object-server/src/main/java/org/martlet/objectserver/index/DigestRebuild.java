package org.martlet.objectserver.index;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.martlet.common.kv.KeyRange;
import org.martlet.common.kv.KeyValueBatch;
import org.martlet.common.kv.KeyValueCursor;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueReader;
import org.martlet.common.kv.KeyValueStore;
import org.martlet.common.kv.WriteMode;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.PartitionId;
import org.martlet.objectserver.state.ObjectKey;

/// Computes digests from the entries themselves.
///
/// Entries come in the order of their leaves, so one digest is in hand at a time.
final class DigestRebuild {
  private static final int BATCH = 4096;

  private final StateDigest digests;
  private final LeafForm form;

  DigestRebuild(StateDigest digests, LeafForm form) {
    this.digests = digests;
    this.form = form;
  }

  /// Replaces all stored leaves.
  void run(KeyValueStore store) throws KeyValueFault {
    KeyValueBatch batch = store.newBatch();
    byte[] behindAll = new byte[16];
    Arrays.fill(behindAll, (byte) 0xff);
    batch.deleteRange(Keys.DIGESTS, new byte[0], behindAll);
    byte[] current = new byte[0];
    Digest digest = Digest.ZERO;
    try (KeyValueCursor cursor = store.cursor(Keys.OBJECTS, KeyRange.all())) {
      for (boolean on = cursor.first(); on; on = cursor.next()) {
        ObjectKey key = ObjectKey.read(ByteBuffer.wrap(cursor.key()));
        IndexEntry entry = EntryCodec.decode(cursor.value());
        if (entry.clocks() == null) {
          continue;
        }
        byte[] leaf = form.nameOf(key).key();
        if (!Arrays.equals(leaf, current)) {
          put(store, batch, current, digest);
          current = leaf;
          digest = Digest.ZERO;
        }
        digest = digest.xor(digests.of(key, entry.clocks()));
      }
    }
    put(store, batch, current, digest);
    store.write(batch, WriteMode.NO_LOG);
  }

  private static void put(KeyValueStore store, KeyValueBatch batch, byte[] leaf, Digest digest)
      throws KeyValueFault {
    if (digest.equals(Digest.ZERO)) {
      return;
    }
    batch.put(Keys.DIGESTS, leaf, encode(digest));
    if (batch.count() >= BATCH) {
      store.write(batch, WriteMode.NO_LOG);
      batch.clear();
    }
  }

  static byte[] encode(Digest digest) {
    ByteBuffer to = ByteBuffer.allocate(Digest.BYTES);
    digest.write(to);
    return to.array();
  }

  /// The leaves of one partition, for more bits than are stored.
  SortedMap<Integer, Digest> leavesOf(
      KeyValueReader store, int policy, int partPower, PartitionId partition) throws KeyValueFault {
    long from = partPower == 0 ? 0 : (long) partition.value() << (Long.SIZE - partPower);
    long to = partPower == 0 ? -1 : from | (-1L >>> partPower);
    KeyRange range = Keys.objects(policy, new ObjectHash(from, 0), new ObjectHash(to, -1));
    SortedMap<Integer, Digest> leaves = new TreeMap<>();
    try (KeyValueCursor cursor = store.cursor(Keys.OBJECTS, range)) {
      for (boolean on = cursor.first(); on; on = cursor.next()) {
        ObjectKey key = ObjectKey.read(ByteBuffer.wrap(cursor.key()));
        IndexEntry entry = EntryCodec.decode(cursor.value());
        if (entry.clocks() != null) {
          int leaf = LeafForm.leafOf(key.hash(), form.bits());
          leaves.merge(leaf, digests.of(key, entry.clocks()), Digest::xor);
        }
      }
    }
    leaves.values().removeIf(Digest.ZERO::equals);
    return leaves;
  }
}
