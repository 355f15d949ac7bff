package org.martlet.objectserver.store;

import java.nio.file.Path;
import java.time.Duration;
import org.martlet.common.disk.SpaceMarks;
import org.martlet.common.model.ByteSize;

/// How one device is run.
///
/// @param root the device's directory; it must exist
/// @param inlineLimit bodies up to this size are written into the volume, larger ones to files
/// @param volumeLimit a volume that has reached this size is followed by a new one
/// @param space below the reserve mutations with bodies are refused, below the hard one all
/// @param queue how much may wait for the committer
/// @param background what it does without being asked
/// @param leafBits the least number of leading hash bits that select a digest leaf, 0 to 24: at
///     least the largest part power
public record DeviceStoreConfig(
    Path root,
    ByteSize inlineLimit,
    ByteSize volumeLimit,
    SpaceMarks space,
    QueueLimits queue,
    Background background,
    int leafBits) {
  private static final int MAX_LEAF_BITS = 24;
  private static final long MAX_INLINE = ByteSize.ofMiB(4).bytes();
  private static final long MAX_VOLUME = ByteSize.ofGiB(3).bytes();

  public DeviceStoreConfig {
    if (inlineLimit.bytes() > MAX_INLINE) {
      throw new IllegalArgumentException("inline limit is above 4 MiB: " + inlineLimit);
    }
    if (volumeLimit.bytes() > MAX_VOLUME || volumeLimit.bytes() < 1024) {
      throw new IllegalArgumentException("volume limit is not in 1 KiB..3 GiB: " + volumeLimit);
    }
    if (leafBits < 0 || leafBits > MAX_LEAF_BITS) {
      throw new IllegalArgumentException("leaf bits are not in 0..24: " + leafBits);
    }
  }

  /// The same with leaves that are not larger than a partition of a ring of this part power, as far
  /// as leaves can be made so small. Opening a device with more leaf bits than it had computes its
  /// digests anew, in one scan of its index; while it is open, it does so when it is asked for
  /// digests of smaller partitions.
  public DeviceStoreConfig forPartPower(int partPower) {
    int bits = Math.clamp(partPower, leafBits, MAX_LEAF_BITS);
    return new DeviceStoreConfig(root, inlineLimit, volumeLimit, space, queue, background, bits);
  }

  /// The defaults, for a device in this directory.
  public static DeviceStoreConfig of(Path root) {
    return new DeviceStoreConfig(
        root,
        ByteSize.ofKiB(256),
        ByteSize.ofGiB(1),
        SpaceMarks.DEFAULT,
        QueueLimits.DEFAULT,
        Background.DEFAULT,
        12);
  }

  /// Bounds of what waits for one committer.
  ///
  /// @param mutations how many may wait
  /// @param bytes how many bytes of inline bodies may wait
  /// @param queueWait how long one may wait before it is refused as busy
  /// @param syncLimit a write or sync that takes longer makes the device count as hung
  public record QueueLimits(int mutations, ByteSize bytes, Duration queueWait, Duration syncLimit) {
    public static final QueueLimits DEFAULT =
        new QueueLimits(4096, ByteSize.ofMiB(64), Duration.ofSeconds(2), Duration.ofSeconds(10));
  }

  /// What a device does without being asked.
  ///
  /// @param flush when the index is made durable
  /// @param compaction how the space of garbage is given back
  /// @param audit how rot is looked for
  public record Background(FlushLimits flush, Compaction compaction, Audit audit) {
    public static final Background DEFAULT =
        new Background(FlushLimits.DEFAULT, Compaction.DEFAULT, Audit.DEFAULT);
  }

  /// How far the durable index may be behind the log.
  ///
  /// @param bytes of log since the last flush
  /// @param interval since the last flush, where anything has changed
  public record FlushLimits(ByteSize bytes, Duration interval) {
    public static final FlushLimits DEFAULT =
        new FlushLimits(ByteSize.ofGiB(1), Duration.ofSeconds(60));
  }

  /// How the space of what was overwritten and deleted is given back.
  ///
  /// @param garbageShare a volume of which this share is of no use is rewritten; above 0, at
  ///     most 1
  /// @param bytesPerSecond how fast volumes are read and written for it
  /// @param interval between two looks at the volumes
  public record Compaction(double garbageShare, ByteSize bytesPerSecond, Duration interval) {
    public static final Compaction DEFAULT =
        new Compaction(0.5, ByteSize.ofMiB(32), Duration.ofSeconds(30));

    public Compaction {
      if (!(garbageShare > 0 && garbageShare <= 1)) {
        throw new IllegalArgumentException("garbage share is not in 0..1: " + garbageShare);
      }
      if (bytesPerSecond.bytes() < 1) {
        throw new IllegalArgumentException("compaction needs a rate above 0");
      }
    }
  }

  /// How everything that is stored is verified again and again.
  ///
  /// @param bytesPerSecond how fast it is read
  /// @param interval between the end of one pass and the begin of the next
  public record Audit(ByteSize bytesPerSecond, Duration interval) {
    public static final Audit DEFAULT = new Audit(ByteSize.ofMiB(16), Duration.ofDays(7));

    public Audit {
      if (bytesPerSecond.bytes() < 1) {
        throw new IllegalArgumentException("the audit needs a rate above 0");
      }
    }
  }
}
