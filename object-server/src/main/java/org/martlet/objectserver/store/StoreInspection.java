package org.martlet.objectserver.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.SpaceMarks;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.Digest;
import org.martlet.objectserver.index.IndexEntry;
import org.martlet.objectserver.index.LogPosition;
import org.martlet.objectserver.index.ObjectIndex;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.volume.VolumeDirectory;

/// Inspects a device that is open: the engine's own view, beside what is on disk.
final class StoreInspection {
  private final Device device;
  private final DeviceParts parts;
  private final RecoveryReport recovery;
  private final DeviceStore store;

  /// Which device.
  ///
  /// @param marks below which free space it takes no more
  record Device(Disk disk, Path root, SpaceMarks marks, UUID id, String cluster) {
    VolumeDirectory volumes() {
      return new VolumeDirectory(disk, root.resolve("volumes"), id);
    }
  }

  /// @param recovery what opening it found
  StoreInspection(Device device, DeviceParts parts, RecoveryReport recovery, DeviceStore store) {
    this.device = device;
    this.parts = parts;
    this.recovery = recovery;
    this.store = store;
  }

  ObjectFacts object(ObjectKey key) throws StoreFault {
    parts.health().checkReadable();
    ObjectInspection.Place place =
        new ObjectInspection.Place(device.root(), device.volumes(), parts.volumes(), parts.blobs());
    try {
      return new ObjectInspection(
              device.id(), place, new Indexed(parts.index()), parts.health()::isOver)
          .inspect(key);
    } catch (KeyValueFault e) {
      throw ObjectReads.indexFault(parts.health(), e);
    } catch (DiskFault e) {
      throw ObjectReads.readFault(e);
    } catch (IllegalStateException e) {
      throw new StoreFault("the device is closed", e);
    } catch (IOException e) {
      throw new StoreFault("reading failed", e);
    }
  }

  /// What an index says.
  record Indexed(ObjectIndex index) implements ObjectInspection.Entries {
    @Override
    public @Nullable IndexEntry get(ObjectKey key) throws KeyValueFault {
      return index.get(key);
    }

    @Override
    public ObjectFacts.@Nullable Leaf leaf(ObjectKey key) throws KeyValueFault {
      int bits = index.leafBits();
      var number = key.hash().partition(bits);
      Digest digest =
          index.leaves(key.policy(), bits, number, bits).getOrDefault(number.value(), Digest.ZERO);
      return new ObjectFacts.Leaf(bits, number.value(), digest.toString());
    }
  }

  DeviceFacts device() {
    List<String> problems = new ArrayList<>();
    DeviceInspection look =
        new DeviceInspection(device.disk(), device.root(), device.marks(), problems);
    ObjectIndex index = parts.index();
    LogPosition position = index.position();
    VolumeDirectory directory = device.volumes();
    DeviceFacts.Space space = look.space();
    String status = status(problems);
    boolean pending = rebuildPending(problems);
    DeviceFacts.Audit audit =
        DeviceInspection.audit(store.auditReport().progress(), store.auditReport());
    audit.alarms().forEach(alarm -> problems.add("The audit found the index wrong: " + alarm));
    if (audit.damagedSinceOpen() > 0) {
      problems.add(audit.damagedSinceOpen() + " damaged objects were found since it was opened.");
    }
    if (audit.unreadableSinceOpen() > 0) {
      problems.add(audit.unreadableSinceOpen() + " reads of the audit failed: look at the disk.");
    }
    return new DeviceFacts(
        device.id().toString(),
        device.cluster(),
        DeviceIdentity.FORMAT_VERSION,
        status,
        space,
        new DeviceFacts.Log(
            position.volume(),
            position.offset(),
            parts.sequences().epoch(),
            position.volume(),
            position.offset(),
            0,
            0),
        new DeviceFacts.Index(
            look.bytesIn(device.root().resolve("index")), index.leafBits(), pending),
        look.volumes(directory, look.survey(directory), position.offset(), this::usefulBytes),
        look.blobs(parts.blobs(), index),
        DeviceInspection.policies(index),
        look.due(index),
        look.quarantine(device.root().resolve("quarantine")),
        audit,
        compaction(problems),
        opening(),
        problems,
        List.of());
  }

  /// Bytes of records that can be read, or that have to stay so that others stay gone.
  private long usefulBytes(int volume) {
    return parts.index().liveBytes(volume)
        + parts.index().goneBytes(volume, from -> parts.volumes().oldest(from, volume).isPresent());
  }

  private String status(List<String> problems) {
    return switch (store.status()) {
      case DeviceStatus.Online online -> "online";
      case DeviceStatus.LowSpace low -> "low on space";
      case DeviceStatus.Full full -> "full";
      case DeviceStatus.Hung hung -> {
        problems.add("The disk has not answered a write for " + hung.since().toSeconds() + " s.");
        yield "hung";
      }
      case DeviceStatus.Offline offline -> {
        problems.add("The device is offline until its server is restarted: " + offline.reason());
        yield "offline";
      }
      case DeviceStatus.Closed closed -> "closed";
    };
  }

  private boolean rebuildPending(List<String> problems) {
    try {
      String reason = new DamagedIndexMark(device.disk(), device.root()).reason();
      if (reason != null) {
        problems.add("The index is rebuilt at the next start: " + reason);
      }
      return reason != null;
    } catch (DiskFault e) {
      problems.add("index.damaged cannot be read: " + e.getMessage());
      return false;
    }
  }

  private DeviceFacts.Compaction compaction(List<String> problems) {
    CompactionReport report = store.compaction();
    if (report.failedVolumes() > 0) {
      problems.add(
          report.failedVolumes()
              + " volumes cannot be read by compaction, and keep their garbage.");
    }
    return new DeviceFacts.Compaction(
        report.volume(),
        report.volumeBytes(),
        report.movedBytes(),
        report.freedBytes(),
        report.removedVolumes(),
        report.failedVolumes());
  }

  private DeviceFacts.Opening opening() {
    return new DeviceFacts.Opening(
        recovery.indexRebuilt(),
        recovery.records(),
        recovery.cutBytes(),
        recovery.damagedBytes(),
        recovery.sweptBlobs());
  }
}
