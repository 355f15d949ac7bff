package org.martlet.objectserver.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.DiskFile;
import org.martlet.common.disk.DiskSpace;
import org.martlet.common.disk.SpaceMarks;
import org.martlet.objectserver.index.IndexEntry;
import org.martlet.objectserver.index.ObjectIndex;
import org.martlet.objectserver.index.PolicyCounts;
import org.martlet.objectserver.volume.BlobFiles;
import org.martlet.objectserver.volume.VolumeDirectory;
import org.martlet.objectserver.volume.VolumeInfo;

/// Gathers what a device is and holds, from its directory and from its index.
///
/// Changes nothing. What cannot be read becomes a problem in the report, and does not end it.
///
/// Threads: any platform thread but the committer's; blocks, longer the more blobs there are.
final class DeviceInspection {
  private static final int SHARES = 10_000;
  private static final int PAGE = 1000;
  private static final int MAX_DUE = 100_000;
  private static final int MAX_QUARANTINED = 1000;

  private final Disk disk;
  private final Path root;
  private final SpaceMarks marks;
  private final List<String> problems;

  /// @param problems takes what the operator has to look after
  DeviceInspection(Disk disk, Path root, SpaceMarks marks, List<String> problems) {
    this.disk = disk;
    this.root = root;
    this.marks = marks;
    this.problems = problems;
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  /// @return null, with a problem told, where it cannot be read
  private <T> @Nullable T reading(String what, Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException | IllegalStateException e) {
      problems.add(what + " cannot be read: " + e.getMessage());
      return null;
    }
  }

  DeviceFacts.@Nullable Space space() {
    DiskSpace space = reading("The space that is left", () -> disk.space(root));
    if (space == null) {
      return null;
    }
    long reserve = part(space.total(), marks.reserve());
    long hard = part(space.total(), marks.reserveHard());
    if (space.usable() < reserve) {
      String left = (space.usable() >> 20) + " MiB are left";
      problems.add(
          space.usable() < hard
              ? "The device is full, " + left + ": nothing is taken, not even deletes."
              : "The device is low on space, " + left + ": no bodies are taken, deletes are.");
    }
    return new DeviceFacts.Space(space.total(), space.usable(), reserve, hard);
  }

  private static long part(long total, int share) {
    return total / SHARES * share + total % SHARES * share / SHARES;
  }

  /// What live bytes a volume has.
  interface LiveBytes {
    /// -1 where that is not known
    long of(int volume);
  }

  /// @param end of the newest volume's records; the file may go on
  List<DeviceFacts.Volume> volumes(
      VolumeDirectory directory, List<VolumeInfo> found, long end, LiveBytes live) {
    List<DeviceFacts.Volume> volumes = new ArrayList<>();
    for (VolumeInfo volume : found) {
      boolean current = volume == found.getLast();
      long size =
          current ? Math.min(Math.max(end, volume.firstRecord()), volume.size()) : volume.size();
      long of = live.of(volume.number());
      volumes.add(
          new DeviceFacts.Volume(
              volume.number(),
              root.relativize(directory.path(volume.number())).toString(),
              volume.size(),
              of,
              of < 0 ? -1 : Math.max(0, size - volume.firstRecord() - of),
              volume.createdTicks(),
              current));
    }
    return volumes;
  }

  /// The volumes' headers; what has lost its own is a problem.
  List<VolumeInfo> survey(VolumeDirectory directory) {
    VolumeDirectory.Survey survey = reading("The volumes", directory::look);
    if (survey == null) {
      return List.of();
    }
    for (Path lost : survey.unreadable()) {
      problems.add(
          root.relativize(lost)
              + " has lost its header: the next start moves it to quarantine/ and rebuilds the"
              + " index without it.");
    }
    return survey.volumes();
  }

  /// Bytes of the files of a directory, without those of its directories.
  long bytesIn(Path directory) {
    Long bytes = reading(root.relativize(directory).toString(), () -> sum(directory));
    return bytes == null ? -1 : bytes;
  }

  private long sum(Path directory) throws IOException {
    long bytes = 0;
    for (String name : disk.list(directory)) {
      bytes += Math.max(0, size(directory.resolve(name)));
    }
    return bytes;
  }

  /// -1 if it is not there any more.
  private long size(Path file) throws IOException {
    try (DiskFile open = disk.openForRead(file)) {
      return open.size();
    } catch (NoSuchFileException e) {
      return -1;
    }
  }

  /// @param index null where it cannot be used
  DeviceFacts.@Nullable Blobs blobs(BlobFiles files, @Nullable ObjectIndex index) {
    return reading("The blobs", () -> countBlobs(files, index));
  }

  private static DeviceFacts.Blobs countBlobs(BlobFiles files, @Nullable ObjectIndex index)
      throws IOException {
    long there = 0;
    try {
      for (String directory : files.directories()) {
        there += files.list(directory).size();
      }
    } catch (NoSuchFileException e) {
      // A device that was never opened has no directory of blobs.
      there = 0;
    }
    if (index == null) {
      return new DeviceFacts.Blobs(there, -1, -1);
    }
    long referenced = 0;
    long bytes = 0;
    long after = 0;
    List<ObjectIndex.BlobOwner> page;
    do {
      page = index.blobs(after, PAGE);
      for (ObjectIndex.BlobOwner owner : page) {
        IndexEntry entry = index.get(owner.key());
        bytes += entry == null || entry.clocks() == null ? 0 : entry.clocks().size();
        referenced++;
        after = owner.id();
      }
    } while (page.size() == PAGE);
    return new DeviceFacts.Blobs(there, referenced, bytes);
  }

  DeviceFacts.@Nullable Due due(ObjectIndex index) {
    return reading("The due listing updates", () -> countDue(index));
  }

  private static DeviceFacts.Due countDue(ObjectIndex index) throws IOException {
    long marks = 0;
    ObjectIndex.Due last = null;
    while (marks < MAX_DUE) {
      List<ObjectIndex.Due> page = index.due(last, PAGE);
      marks += page.size();
      if (page.size() < PAGE) {
        return new DeviceFacts.Due(marks, false);
      }
      last = page.getLast();
    }
    return new DeviceFacts.Due(marks, true);
  }

  List<DeviceFacts.Quarantined> quarantine(Path directory) {
    List<DeviceFacts.Quarantined> found = reading("quarantine/", () -> listQuarantine(directory));
    return found == null ? List.of() : found;
  }

  private List<DeviceFacts.Quarantined> listQuarantine(Path directory) throws IOException {
    List<DeviceFacts.Quarantined> found = new ArrayList<>();
    List<String> names;
    try {
      names = disk.list(directory);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    for (String name : names.subList(0, Math.min(names.size(), MAX_QUARANTINED))) {
      Path path = directory.resolve(name);
      boolean index = name.startsWith("index-");
      found.add(new DeviceFacts.Quarantined(name, index ? sum(path) : size(path), what(name)));
    }
    return found;
  }

  /// What the name of a file in quarantine says.
  static String what(String name) {
    if (name.startsWith("blob-")) {
      return "the body of an object that was found damaged";
    }
    if (name.endsWith(".vol")) {
      return "a volume that had lost its header";
    }
    if (name.startsWith("index-") && name.substring(6).chars().allMatch(Character::isDigit)) {
      return "an index that was replaced at " + date(name.substring(6));
    }
    return "unknown";
  }

  private static String date(String millis) {
    return millis.isEmpty() || millis.length() > 15
        ? "an unknown time"
        : Instant.ofEpochMilli(Long.parseLong(millis)).toString();
  }

  static List<DeviceFacts.Policy> policies(ObjectIndex index) {
    return index.policies().stream().map(policy -> policy(policy, index.counts(policy))).toList();
  }

  static DeviceFacts.Policy policy(int policy, PolicyCounts counts) {
    return new DeviceFacts.Policy(policy, counts.objects(), counts.bytes(), counts.tombstones());
  }

  /// @param live null where no server has the device open
  static DeviceFacts.Audit audit(AuditNote note, @Nullable AuditReport live) {
    return new DeviceFacts.Audit(
        note.volume(),
        note.blob() == 0 ? "" : HexFormat.of().toHexDigits(note.blob()),
        note.verifiedBytes(),
        note.damaged(),
        note.passes(),
        note.finishedMillis(),
        live == null ? -1 : live.damagedSinceOpen(),
        live == null ? -1 : live.unreadable(),
        live == null ? List.of() : live.alarms());
  }
}
