package org.martlet.objectserver.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskLock;
import org.martlet.common.kv.KeyValueFamily;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueStore;
import org.martlet.objectserver.index.IndexEntry;
import org.martlet.objectserver.index.LogPosition;
import org.martlet.objectserver.index.ObjectIndex;
import org.martlet.objectserver.index.PolicyCounts;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.volume.BlobFiles;
import org.martlet.objectserver.volume.BodyLocation;
import org.martlet.objectserver.volume.RecordLocation;
import org.martlet.objectserver.volume.VolumeDirectory;
import org.martlet.objectserver.volume.VolumeInfo;
import org.martlet.objectserver.volume.VolumeScanner;
import org.martlet.objectserver.volume.Volumes;

/// A device that no server has open, for looking only: nothing in its directory is changed, but for
/// the lock file, which is held meanwhile.
///
/// What the index does not have, since the last run crashed or the index is damaged or missing, is
/// read from the log: headers, names and metadata, not bodies.
///
/// Threads: one at a time; blocks.
public final class OfflineDevice implements AutoCloseable {
  private static final int MAX_KEYS = 1_000_000;

  private final DeviceStoreConfig config;
  private final Disk disk;
  private final DeviceIdentity identity;
  private final DiskLock lock;
  private final List<String> problems = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final DeviceInspection look;
  private final VolumeDirectory directory;
  private final Volumes volumes;
  private final List<VolumeInfo> found;
  private final BlobFiles blobs;
  private final @Nullable String rebuildReason;

  private @Nullable ObjectIndex index;
  private LogPosition position = LogPosition.START;
  private Map<Integer, Long> ends = Map.of();

  /// Opens a database without changing it.
  public interface IndexOpener {
    KeyValueStore open(Path directory, List<KeyValueFamily> families) throws KeyValueFault;
  }

  private OfflineDevice(DeviceStoreConfig config, Disk disk, DeviceIdentity identity, DiskLock lock)
      throws IOException {
    this.config = config;
    this.disk = disk;
    this.identity = identity;
    this.lock = lock;
    this.look = new DeviceInspection(disk, config.root(), config.space(), problems);
    Path root = config.root();
    this.directory = new VolumeDirectory(disk, root.resolve("volumes"), identity.device());
    this.volumes = new Volumes(directory);
    this.found = disk.exists(root.resolve("volumes")) ? look.survey(directory) : List.of();
    found.forEach(volumes::add);
    this.blobs = new BlobFiles(disk, root.resolve("blobs"), root.resolve("quarantine"));
    this.rebuildReason = new DamagedIndexMark(disk, root).reason();
  }

  /// @param clusterSecret keys the digests
  /// @param indexes opens the index
  /// @return empty if another process has the device open
  /// @throws org.martlet.common.device.DeviceRefused if this is no device of the cluster
  /// @throws IOException if the disk fails
  public static Optional<OfflineDevice> open(
      DeviceStoreConfig config,
      Disk disk,
      String clusterId,
      String clusterSecret,
      IndexOpener indexes)
      throws IOException {
    DeviceIdentity identity = DeviceIdentity.read(disk, config.root(), clusterId);
    Optional<DiskLock> lock = disk.tryLock(config.root().resolve(LogDeviceStore.LOCK));
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    OfflineDevice device = null;
    try {
      device = new OfflineDevice(config, disk, identity, lock.get());
      device.openIndex(indexes, clusterSecret.getBytes(StandardCharsets.UTF_8));
      return Optional.of(device);
    } catch (IOException | RuntimeException e) {
      if (device == null) {
        lock.get().close();
      } else {
        device.close();
      }
      throw e;
    }
  }

  private void openIndex(IndexOpener indexes, byte[] secret) throws IOException {
    Path path = config.root().resolve("index");
    if (rebuildReason != null) {
      unusable("it is marked to be rebuilt at the next start: " + rebuildReason);
    } else if (!disk.exists(path)) {
      if (!found.isEmpty()) {
        unusable("it is missing; the next start rebuilds it");
      }
    } else {
      openIndex(indexes, path, secret);
    }
    ends = findEnds();
    if (index != null && isAhead(index)) {
      index.close();
      index = null;
      position = LogPosition.START;
      unusable("it refers to what the log has lost; the next start rebuilds it");
      ends = findEnds();
    }
  }

  private void openIndex(IndexOpener indexes, Path path, byte[] secret) {
    ObjectIndex opened = null;
    try {
      opened =
          new ObjectIndex(indexes.open(path, ObjectIndex.families()), identity.device(), secret);
      if (opened.load()) {
        index = opened;
        position = opened.position();
        opened = null;
      } else {
        unusable("it is not the index of this device; the next start rebuilds it");
      }
    } catch (KeyValueFault e) {
      unusable(e.getMessage());
    } finally {
      if (opened != null) {
        opened.close();
      }
    }
  }

  private void unusable(@Nullable String why) {
    problems.add("The index is not used here: " + why + ".");
  }

  /// Where the records of each volume end, as the next start would find it.
  private Map<Integer, Long> findEnds() throws IOException {
    Map<Integer, Long> end = new TreeMap<>();
    for (int i = 0; i + 1 < found.size(); i++) {
      VolumeInfo volume = found.get(i);
      VolumeInfo next = found.get(i + 1);
      boolean adjacent = next.previous() == volume.number();
      end.put(volume.number(), adjacent ? next.previousEnd() : volume.size());
    }
    if (!found.isEmpty()) {
      VolumeInfo last = found.getLast();
      boolean reached = position.volume() == last.number();
      long floor = reached ? position.offset() : last.firstRecord();
      end.put(
          last.number(),
          floor <= last.size()
              ? new VolumeScanner(volumes).findEnd(last, floor, floor).offset()
              : last.size());
    }
    return end;
  }

  private boolean isAhead(ObjectIndex opened) {
    Long end = ends.get(position.volume());
    return !ends.keySet().containsAll(opened.volumesInUse())
        || (end != null && position.offset() > end);
  }

  /// What is known of an object, every checksum verified.
  public ObjectFacts inspect(ObjectKey key) throws IOException {
    LogTail tail = tail(key);
    ObjectInspection.Place place =
        new ObjectInspection.Place(config.root(), directory, volumes, blobs);
    ObjectFacts facts =
        new ObjectInspection(identity.device(), place, new Overlaid(index, tail), () -> false)
            .inspect(key);
    List<String> told = new ArrayList<>(problems);
    told.addAll(remarks);
    told.addAll(facts.remarks());
    if (tail.records() > 0) {
      told.add(
          tail.records()
              + " records of the log are not in the index; they were read from the volumes.");
    }
    if (tail.damagedBytes() > 0) {
      told.add(tail.damagedBytes() + " bytes of the log are damaged: what they held is not seen.");
    }
    return new ObjectFacts(
        facts.device(),
        facts.state(),
        facts.record(),
        facts.clocks(),
        facts.content(),
        facts.body(),
        facts.leaf(),
        facts.checks(),
        told);
  }

  /// The index, and over it what the log has more.
  private record Overlaid(@Nullable ObjectIndex index, LogTail tail)
      implements ObjectInspection.Entries {
    @Override
    public @Nullable IndexEntry get(ObjectKey key) throws KeyValueFault {
      IndexEntry indexed = index == null ? null : index.get(key);
      IndexEntry later = tail.entries().get(key);
      if (later == null || indexed == null) {
        return later == null ? indexed : later;
      }
      return indexed.sequence() < later.sequence() ? later : indexed;
    }

    /// Digests of an index that is behind are not the device's.
    @Override
    public ObjectFacts.@Nullable Leaf leaf(ObjectKey key) throws KeyValueFault {
      return index == null || tail.records() > 0
          ? null
          : new StoreInspection.Indexed(index).leaf(key);
    }
  }

  private LogTail tail(@Nullable ObjectKey only) throws IOException {
    LogTail tail = new LogTail(only, MAX_KEYS);
    VolumeScanner scanner = new VolumeScanner(volumes);
    for (VolumeInfo volume : found) {
      if (volume.number() >= position.volume()) {
        long first =
            volume.number() == position.volume() ? position.offset() : volume.firstRecord();
        long last = ends.getOrDefault(volume.number(), volume.size());
        scanner.scan(volume.number(), first, last, tail);
      }
    }
    return tail;
  }

  /// What the device is and holds.
  public DeviceFacts describe() throws IOException {
    LogTail tail = tail(null);
    if (tail.damagedBytes() > 0) {
      problems.add(
          tail.damagedBytes()
              + " bytes of the log are damaged: what they held has to come from replicas.");
    }
    Counted counted = Counted.of(index, tail);
    if (!tail.isWhole()) {
      remarks.add("The log has too much that is not in the index: counts are left out.");
    } else if (tail.records() > 0) {
      remarks.add("Counts are of the index and the log together.");
    }
    Path root = config.root();
    Path indexPath = root.resolve("index");
    return new DeviceFacts(
        identity.device().toString(),
        identity.clusterId(),
        identity.formatVersion(),
        "not served",
        look.space(),
        log(tail),
        new DeviceFacts.Index(
            disk.exists(indexPath) ? look.bytesIn(indexPath) : 0,
            index == null ? 0 : index.leafBits(),
            index == null && !found.isEmpty()),
        look.volumes(directory, found, lastEnd(), number -> counted.live(number)),
        look.blobs(blobs, index),
        counted.policies(),
        index == null ? null : look.due(index),
        look.quarantine(root.resolve("quarantine")),
        index == null ? null : DeviceInspection.audit(AuditNote.decode(index.auditNote()), null),
        null,
        null,
        problems,
        remarks);
  }

  private long lastEnd() {
    return found.isEmpty() ? 0 : ends.getOrDefault(found.getLast().number(), 0L);
  }

  private DeviceFacts.Log log(LogTail tail) {
    VolumeInfo last = found.isEmpty() ? null : found.getLast();
    int epoch = found.stream().mapToInt(VolumeInfo::epoch).max().orElse(0);
    return new DeviceFacts.Log(
        last == null ? 0 : last.number(),
        lastEnd(),
        Math.max(epoch, position.epoch()),
        position.volume(),
        position.offset(),
        tail.records(),
        last == null ? 0 : last.size() - lastEnd());
  }

  /// Counts and live bytes, with what the log has more than the index.
  ///
  /// @param whole whether all of the log was taken
  private record Counted(
      Map<Integer, PolicyCounts> counts, Map<Integer, Long> liveBytes, boolean whole) {

    static Counted of(@Nullable ObjectIndex index, LogTail tail) throws KeyValueFault {
      Counted counted = new Counted(new TreeMap<>(), new HashMap<>(), tail.isWhole());
      if (index != null) {
        index.policies().forEach(policy -> counted.counts.put(policy, index.counts(policy)));
        index
            .volumesInUse()
            .forEach(v -> counted.liveBytes.put(v, index.liveBytes(v) + index.goneBytes(v)));
      }
      for (Map.Entry<ObjectKey, IndexEntry> later : tail.entries().entrySet()) {
        ObjectKey key = later.getKey();
        IndexEntry before = index == null ? null : index.get(key);
        if (before == null || before.sequence() < later.getValue().sequence()) {
          if (before != null) {
            counted.add(key, before, -1);
          }
          counted.add(key, later.getValue(), 1);
        }
      }
      return counted;
    }

    private void add(ObjectKey key, IndexEntry entry, int sign) {
      PolicyCounts count = counts.getOrDefault(key.policy(), PolicyCounts.ZERO);
      counts.put(key.policy(), count.plus(entry, sign));
      addLive(entry.record(), sign);
      if (entry.body() instanceof BodyLocation.InRecord body && !body.at().equals(entry.record())) {
        addLive(body.at(), sign);
      }
    }

    private void addLive(RecordLocation at, int sign) {
      liveBytes.merge(at.volume(), (long) sign * at.length(), Long::sum);
    }

    long live(int volume) {
      return whole ? liveBytes.getOrDefault(volume, 0L) : -1;
    }

    List<DeviceFacts.Policy> policies() {
      return whole
          ? counts.entrySet().stream()
              .map(policy -> DeviceInspection.policy(policy.getKey(), policy.getValue()))
              .toList()
          : List.of();
    }
  }

  /// Releases the device.
  @Override
  public void close() throws DiskFault {
    try {
      if (index != null) {
        index.close();
      }
      volumes.close();
    } finally {
      lock.close();
    }
  }
}
