package org.martlet.recon;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.martlet.common.ring.RingWatcher;

/// What the services of one process tell alike.
///
/// @param instance which process it is
/// @param proc where the kernel tells of the machine: `/proc`
/// @param rings by name
/// @param swiftConfs where a `swift.conf` may be, first choice first
/// @param background work of the process
/// @param clock of the process
/// @param files reads small files; rejects what is too much
public record ReconContext(
    Instance instance,
    Path proc,
    Map<String, RingWatcher> rings,
    List<Path> swiftConfs,
    Background background,
    InstantSource clock,
    Executor files) {

  /// A process.
  ///
  /// @param id tells it from the one before a restart, and from others
  public record Instance(String version, UUID id, Instant started) {}

  /// What background work says, in the fields of Swift's recon middleware; null where it has
  /// nothing to say yet.
  public interface Background {
    /// @param service `object`, `container` or `account`
    Map<String, @Nullable Object> replication(String service);

    Map<String, @Nullable Object> expirer();
  }
}
