package org.martlet.common.ring;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.ObjectHash;

/// Walks the devices that stand in for a partition's primaries, in Swift's order.
///
/// Partitions are visited from one that the MD5 of the partition's decimal number names, in
/// steps of `max(1, partitions / 65536)`, four times over: for devices in a region that is not
/// used yet, in an unused zone, on an unused server, and at last any unused device. The
/// wrap-around starts at `inc - (partitions - start) % inc`, which skips partition 0 when the
/// step is 1: so does Swift's, and agreeing matters more than that partition.
///
/// Not thread-safe; costs nothing until the first [#next].
final class HandoffIterator implements Iterator<RingDevice> {
  private static final int LAST_PASS = Tiers.LEVELS;

  private final Ring ring;
  private final Assignment rows;
  private final Tiers tiers;
  private final BitSet usedDevices = new BitSet();
  private final BitSet[] usedTiers = new BitSet[Tiers.LEVELS];
  private final int partitions;
  private final int start;
  private final int step;

  private int pass;
  private long partition;
  private boolean wrapped;
  private int row;
  private @Nullable RingDevice next;

  HandoffIterator(Ring ring, int of) {
    this.ring = ring;
    this.rows = ring.assignment();
    this.tiers = ring.tiers();
    this.partitions = ring.partitionCount();
    this.start = startOf(of, ring.partPower());
    this.step = Math.max(1, partitions / 65536);
    for (int level = 0; level < Tiers.LEVELS; level++) {
      usedTiers[level] = new BitSet();
    }
    for (int r = 0; r < rows.rows() && of < rows.length(r); r++) {
      use(rows.device(r, of));
    }
    restart();
  }

  /// The partition at which the walk for `partition` begins.
  static int startOf(int partition, int partPower) {
    try {
      byte[] decimal = Integer.toString(partition).getBytes(StandardCharsets.US_ASCII);
      byte[] md5 = MessageDigest.getInstance("MD5").digest(decimal);
      return ObjectHash.of(md5).partition(partPower).value();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      next = advance();
    }
    return next != null;
  }

  @Override
  public RingDevice next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException("every assigned device has been given");
    }
    RingDevice given = next;
    next = null;
    return given;
  }

  private @Nullable RingDevice advance() {
    while (pass <= LAST_PASS) {
      if (passIsComplete() || !partitionIsInRange()) {
        pass++;
        restart();
        continue;
      }
      int found = nextInPartition();
      if (found >= 0) {
        use(found);
        return ring.deviceAt(found);
      }
      row = 0;
      partition += step;
    }
    return null;
  }

  /// The next device in the current partition that the pass can take, or -1.
  private int nextInPartition() {
    while (row < rows.rows()) {
      int r = row++;
      if (partition < rows.length(r)) {
        int device = rows.device(r, (int) partition);
        boolean taken =
            usedDevices.get(device)
                || (pass < LAST_PASS && usedTiers[pass].get(tiers.tier(pass, device)));
        if (!taken) {
          return device;
        }
      }
    }
    return -1;
  }

  private boolean partitionIsInRange() {
    if (!wrapped && partition >= partitions) {
      wrapped = true;
      partition = (long) step - (partitions - start) % step;
    }
    return wrapped ? partition < start : partition < partitions;
  }

  private boolean passIsComplete() {
    return pass == LAST_PASS
        ? usedDevices.cardinality() == tiers.assignedDevices()
        : usedTiers[pass].cardinality() == tiers.count(pass);
  }

  private void restart() {
    partition = start;
    wrapped = false;
    row = 0;
  }

  private void use(int device) {
    usedDevices.set(device);
    for (int level = 0; level < Tiers.LEVELS; level++) {
      usedTiers[level].set(tiers.tier(level, device));
    }
  }
}
