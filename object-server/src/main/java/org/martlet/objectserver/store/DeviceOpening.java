package org.martlet.objectserver.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.martlet.common.device.DeviceRefused;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskFile;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.kv.KeyValueStore;
import org.martlet.common.model.Timestamp;
import org.martlet.objectserver.audit.BlobSweep;
import org.martlet.objectserver.index.LogPosition;
import org.martlet.objectserver.index.ObjectIndex;
import org.martlet.objectserver.volume.BlobFiles;
import org.martlet.objectserver.volume.RecordReader;
import org.martlet.objectserver.volume.UnsupportedFormat;
import org.martlet.objectserver.volume.VolumeDirectory;
import org.martlet.objectserver.volume.VolumeInfo;
import org.martlet.objectserver.volume.VolumeScanner;
import org.martlet.objectserver.volume.VolumeWriter;
import org.martlet.objectserver.volume.Volumes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a device from what is on disk, after whatever ended the last run, to a state that can
/// be served: cuts a crash's tail, brings the index up to the log, removes the files of lost
/// uploads.
///
/// Repeating it after a crash in its middle does the same.
final class DeviceOpening {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceOpening.class);
  static final String VOLUMES = "volumes";
  private static final String BLOBS = "blobs";
  private static final String INDEX = "index";
  private static final String QUARANTINE = "quarantine";
  private static final int COPY_BYTES = 1 << 20;

  private final DeviceStoreConfig config;
  private final StoreEnvironment environment;
  private final Disk disk;
  private final UUID device;
  private final Path quarantine;
  private final DamagedIndexMark damagedIndex;
  private final OldIndexes oldIndexes;

  /// A device that is ready.
  record Opened(DeviceParts parts, RecoveryReport report) {}

  DeviceOpening(
      DeviceStoreConfig config,
      StoreEnvironment environment,
      UUID device,
      DamagedIndexMark damagedIndex) {
    this.config = config;
    this.environment = environment;
    this.disk = environment.disk();
    this.device = device;
    this.quarantine = config.root().resolve(QUARANTINE);
    this.damagedIndex = damagedIndex;
    this.oldIndexes = new OldIndexes(disk, quarantine, INDEX + "-");
  }

  Opened open(DeviceHealth health) throws IOException {
    makeDirectories();
    try {
      return bringUp(health);
    } catch (KeyValueFault e) {
      switch (e.kind()) {
        case CORRUPT -> {
          LOG.error("the index of {} cannot be used", config.root(), e);
          damagedIndex.set(e);
        }
        case NO_SPACE -> {
          if (!oldIndexes.remove()) {
            throw e;
          }
          LOG.warn("no space for the index of {}: the damaged one is given up", config.root(), e);
        }
        case IO -> throw e;
      }
      return bringUp(health);
    }
  }

  private Opened bringUp(DeviceHealth health) throws IOException {
    boolean rebuild = damagedIndex.isSet();
    if (rebuild) {
      moveIndexAside();
    }
    VolumeDirectory directory = new VolumeDirectory(disk, config.root().resolve(VOLUMES), device);
    VolumeDirectory.Survey survey = survey(directory);
    List<VolumeInfo> found = survey.volumes();
    Volumes volumes = new Volumes(directory);
    found.forEach(volumes::add);
    ObjectIndex index = openIndex();
    try {
      Log log = new Log(directory, volumes, found, !survey.unreadable().isEmpty());
      RecoveryReport replayed = replay(index, log, rebuild);
      BlobFiles blobs = new BlobFiles(disk, config.root().resolve(BLOBS), quarantine);
      boolean logIsWhole =
          !log.lostAny() && replayed.damagedBytes() == 0 && !replayed.indexRebuilt();
      long swept = new BlobSweep(blobs, index, logIsWhole).run();
      RecoveryReport report = withSwept(replayed, swept);
      int epoch = 1 + Math.max(index.position().epoch(), highestEpoch(found));
      VolumeWriter writer = writer(log, epoch, index.position());
      RecordReader records = new RecordReader(volumes);
      return new Opened(
          new DeviceParts(index, volumes, writer, records, blobs, new Sequences(epoch), health),
          report);
    } catch (IOException | RuntimeException e) {
      index.close();
      volumes.close();
      throw e;
    }
  }

  private record Log(
      VolumeDirectory directory, Volumes volumes, List<VolumeInfo> found, boolean lostAny) {}

  private void makeDirectories() throws IOException {
    for (String name : List.of(VOLUMES, BLOBS, QUARANTINE)) {
      disk.createDirectory(config.root().resolve(name));
    }
    disk.syncDirectory(config.root());
  }

  private VolumeDirectory.Survey survey(VolumeDirectory directory) throws IOException {
    VolumeDirectory.Survey survey;
    try {
      survey = directory.survey();
    } catch (UnsupportedFormat e) {
      throw new DeviceRefused(e.getMessage());
    }
    for (Path lost : survey.unreadable()) {
      LOG.error("{} has lost its header: moved to {}", lost, quarantine);
      disk.rename(lost, quarantine.resolve(lost.getFileName()));
      disk.syncDirectory(quarantine);
    }
    return survey;
  }

  /// Repeated after a crash in its middle it ends the same: the mark goes last.
  private void moveIndexAside() throws IOException {
    Path path = config.root().resolve(INDEX);
    if (disk.exists(path)) {
      oldIndexes.remove();
      Path aside = quarantine.resolve(INDEX + "-" + environment.clock().millis());
      LOG.warn("the index is not used again: moved to {} and rebuilt from the log", aside);
      disk.rename(path, aside);
      disk.syncDirectory(quarantine);
      disk.syncDirectory(config.root());
    }
    damagedIndex.clear();
  }

  private ObjectIndex openIndex() throws IOException {
    Path path = config.root().resolve(INDEX);
    KeyValueStore store = environment.databases().open(path, ObjectIndex.families());
    byte[] secret = environment.clusterSecret().getBytes(StandardCharsets.UTF_8);
    return new ObjectIndex(store, device, secret);
  }

  private RecoveryReport replay(ObjectIndex index, Log log, boolean rebuild) throws IOException {
    boolean usable = !rebuild && index.load();
    Map<Integer, Long> ends = new HashMap<>();
    long cut = findEnds(log, index.position(), ends);
    if (usable && (log.lostAny() || isAhead(index, ends))) {
      LOG.error(
          "the log has lost what the index refers to: the index is rebuilt from what is left");
      usable = false;
    }
    if (!usable) {
      index.clear();
    }
    IndexReplay replay = new IndexReplay(index);
    LogPosition from = index.position();
    LogPosition end = from;
    VolumeScanner scanner = new VolumeScanner(log.volumes());
    for (VolumeInfo volume : log.found()) {
      if (volume.number() >= from.volume()) {
        long first = volume.number() == from.volume() ? from.offset() : volume.firstRecord();
        long last = ends.getOrDefault(volume.number(), volume.size());
        scanner.scan(volume.number(), first, last, replay);
        end = new LogPosition(volume.number(), last, volume.epoch());
      }
    }
    replay.finish(end);
    boolean computed = index.settleDigests(config.leafBits());
    if (replay.records() > 0 || !usable || computed) {
      index.flush();
    }
    return new RecoveryReport(!usable, replay.records(), cut, replay.damagedBytes(), 0);
  }

  /// Where the records of each volume end; cuts what a crash left behind the newest one's.
  ///
  /// @return the bytes cut
  private long findEnds(Log log, LogPosition known, Map<Integer, Long> ends) throws IOException {
    List<VolumeInfo> found = log.found();
    for (int i = 0; i + 1 < found.size(); i++) {
      VolumeInfo volume = found.get(i);
      VolumeInfo next = found.get(i + 1);
      boolean adjacent = next.previous() == volume.number();
      ends.put(volume.number(), adjacent ? next.previousEnd() : volume.size());
    }
    if (found.isEmpty()) {
      return 0;
    }
    VolumeInfo last = found.getLast();
    boolean reached = known.volume() == last.number();
    long floor = reached ? known.offset() : last.firstRecord();
    VolumeScanner.End end =
        floor <= last.size()
            ? new VolumeScanner(log.volumes()).findEnd(last, floor, floor)
            : new VolumeScanner.End(last.size(), last.size());
    ends.put(last.number(), end.offset());
    try (DiskFile file = disk.openForWrite(log.directory().path(last.number()))) {
      if (end.offset() < last.size()) {
        LOG.info("volume {} is cut from {} to {}", last.number(), last.size(), end.offset());
        file.truncate(end.offset());
      }
      writeAgain(file, end);
      file.force(true);
    }
    return last.size() - end.offset();
  }

  /// Writes the last group anew, in place. If its sync had failed, the kernel may hold it as clean
  /// though the disk never got it: it would be read, found whole and served, no sync would ever
  /// write it, and the next power loss would take it away.
  private static void writeAgain(DiskFile file, VolumeScanner.End end) throws DiskFault {
    int chunk = (int) Math.min(COPY_BYTES, end.offset() - end.synced());
    ByteBuffer buffer = ByteBuffer.allocateDirect(chunk);
    for (long at = end.synced(); at < end.offset(); at += chunk) {
      buffer.clear().limit((int) Math.min(chunk, end.offset() - at));
      file.read(buffer, at);
      file.write(buffer.flip(), at);
    }
  }

  /// Whether the index knows of anything that the log does not have.
  private static boolean isAhead(ObjectIndex index, Map<Integer, Long> ends) {
    LogPosition position = index.position();
    Long end = ends.get(position.volume());
    return !ends.keySet().containsAll(index.volumesInUse())
        || (end != null && position.offset() > end);
  }

  private static int highestEpoch(List<VolumeInfo> found) {
    return found.stream().mapToInt(VolumeInfo::epoch).max().orElse(0);
  }

  private static RecoveryReport withSwept(RecoveryReport r, long swept) {
    return new RecoveryReport(r.indexRebuilt(), r.records(), r.cutBytes(), r.damagedBytes(), swept);
  }

  private VolumeWriter writer(Log log, int epoch, LogPosition end) {
    VolumeWriter.Settings settings =
        new VolumeWriter.Settings(
            device,
            config.volumeLimit().bytes(),
            epoch,
            environment.random()::nextLong,
            () -> Timestamp.of(environment.clock().instant()).ticks());
    return new VolumeWriter(log.directory(), log.volumes(), settings, end.volume(), end.offset());
  }
}
