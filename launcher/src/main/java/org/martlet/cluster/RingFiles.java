package org.martlet.cluster;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Refused;
import org.martlet.common.ring.RingFile;
import org.martlet.common.ring.RingInbox;
import org.martlet.common.ring.RingSeal;
import org.martlet.common.ring.RingWatcher;

/// Ring files as they are given away, each sealed once for as long as it is the same file: by time,
/// size and inode, as [RingWatcher] tells.
///
/// Those who are being sent a file at the same time are sent the same bytes: it is in memory once,
/// and not at all when nobody is sent it.
///
/// - Threads: any; one at a time gets in, blocks on file I/O.
final class RingFiles {
  private static final String END = ".ring.gz";

  private final RingSeal seal;
  private final Map<RingWatcher, Kept> kept = new HashMap<>();
  private long seals;

  private record Stamp(FileTime time, long size, @Nullable Object inode) {}

  private record Kept(Stamp stamp, String line, WeakReference<byte[]> content) {}

  RingFiles(RingSeal seal) {
    this.seal = seal;
  }

  /// The bytes of a ring's file; not to be changed.
  synchronized byte[] content(RingWatcher ring) throws IOException {
    Kept known = current(ring);
    if (known == null) {
      return read(ring);
    }
    byte[] content = known.content().get();
    return content == null ? readAgain(ring, known) : content;
  }

  /// The file that was sealed before, unless it was replaced just now.
  private byte[] readAgain(RingWatcher ring, Kept known) throws IOException {
    byte[] content = Files.readAllBytes(ring.file());
    if (!known.stamp().equals(stamp(ring))) {
      return read(ring);
    }
    kept.put(ring, new Kept(known.stamp(), known.line(), new WeakReference<>(content)));
    return content;
  }

  /// The seal of a ring's file, without an end of line.
  synchronized String seal(RingWatcher ring) throws IOException {
    Kept known = current(ring);
    if (known == null) {
      read(ring);
      known = Objects.requireNonNull(kept.get(ring), "it was sealed just now");
    }
    return known.line();
  }

  /// How often a file was read and sealed.
  synchronized long seals() {
    return seals;
  }

  private @Nullable Kept current(RingWatcher ring) throws IOException {
    Kept known = kept.get(ring);
    return known != null && known.stamp().equals(stamp(ring)) ? known : null;
  }

  /// Stamped before it is read: a file that is replaced in between is read again next time.
  private byte[] read(RingWatcher ring) throws IOException {
    Stamp stamp = stamp(ring);
    if (stamp.size() > RingInbox.MAX_FILE_BYTES) {
      throw new Refused(500, "The ring file is too large to be given away");
    }
    byte[] content = Files.readAllBytes(ring.file());
    String name = ring.file().getFileName().toString().replace(END, "");
    RingSeal.Sealed what = RingSeal.Sealed.of(name, version(ring, content), content);
    kept.put(ring, new Kept(stamp, seal.write(what), new WeakReference<>(content)));
    seals++;
    return content;
  }

  /// A file that was replaced just now is sealed as what it is, not as what is in force.
  private static long version(RingWatcher ring, byte[] content) throws IOException {
    RingFile.Loaded known = ring.loaded();
    if (known.isOf(content)) {
      return known.ring().version();
    }
    RingFile.Loaded loaded = RingFile.load(ring.file());
    if (!loaded.isOf(content)) {
      throw new IOException(ring.file() + " was replaced while it was read");
    }
    return loaded.ring().version();
  }

  private static Stamp stamp(RingWatcher ring) throws IOException {
    BasicFileAttributes found = Files.readAttributes(ring.file(), BasicFileAttributes.class);
    return new Stamp(found.lastModifiedTime(), found.size(), found.fileKey());
  }
}
