package org.martlet.objectserver.index;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyRange;
import org.martlet.common.kv.KeyValueCursor;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueSnapshot;
import org.martlet.common.model.Digest;
import org.martlet.objectserver.state.ObjectKey;

/// Finer digests in the making, beside those in use.
///
/// A digest is the XOR of its records', so a leaf is what it was at some moment, XOR what has
/// changed since, in any order. From that moment on every change goes into the finer leaves too;
/// meanwhile this reads the index as it was then, and what it finds is added piece by piece
/// ([IndexChange#add]). When all is added the finer leaves are right, and take the place of the
/// others in the same batch that removes those ([IndexChange#end]). A crash before that leaves
/// nothing but leaves that nobody reads, which the next making removes.
///
/// Threads: one calls [#next]; it holds a snapshot of the database until it is closed.
public final class LeafRefinement implements AutoCloseable {
  /// Leaves of one piece.
  private static final int PIECE = 1024;

  private final KeyValueSnapshot snapshot;
  private final StateDigest digests;
  private final LeafForm form;
  private final KeyValueCursor cursor;
  private boolean begun;
  private boolean on;

  /// A piece of the finer digests.
  ///
  /// @param bytes of the index that were read for it
  public record Leaves(Map<LeafName, Digest> digests, long bytes) {}

  LeafRefinement(KeyValueSnapshot snapshot, StateDigest digests, LeafForm form)
      throws KeyValueFault {
    this.snapshot = snapshot;
    this.digests = digests;
    this.form = form;
    this.cursor = snapshot.cursor(Keys.OBJECTS, KeyRange.all());
  }

  LeafForm form() {
    return form;
  }

  /// How many leading bits of the hash select one of the leaves.
  public int bits() {
    return form.bits();
  }

  /// Reads on, as far as one piece; null at the end.
  public @Nullable Leaves next() throws KeyValueFault {
    if (!begun) {
      begun = true;
      on = cursor.first();
    }
    Map<LeafName, Digest> found = new HashMap<>();
    long bytes = 0;
    for (int entries = 0; on && found.size() < PIECE && entries < PIECE * PIECE; entries++) {
      ObjectKey key = ObjectKey.read(ByteBuffer.wrap(cursor.key()));
      byte[] value = cursor.value();
      IndexEntry entry = EntryCodec.decode(value);
      bytes += ObjectKey.BYTES + value.length;
      if (entry.clocks() != null) {
        found.merge(form.nameOf(key), digests.of(key, entry.clocks()), Digest::xor);
      }
      on = cursor.next();
    }
    return found.isEmpty() && !on ? null : new Leaves(found, bytes);
  }

  @Override
  public void close() {
    cursor.close();
    snapshot.close();
  }
}
