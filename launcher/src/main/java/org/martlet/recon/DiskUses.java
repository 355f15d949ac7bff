package org.martlet.recon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.DiskSpace;

/// Measures the file systems of a service's devices.
///
/// A disk that hangs is told as such; the others are not concerned.
///
/// - Bound: one thread for each device, only while it is measured; a measure is good for a second,
///   however many ask.
/// - Threads: any; never blocks.
public final class DiskUses {
  private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Path root;
  private final Disk disk;
  private final MountCheck check;
  private final LongSupplier nanos;
  private final Duration patience;
  private final TreeMap<String, Measuring> devices = new TreeMap<>();

  /// Tells whether a device's disk is there.
  @FunctionalInterface
  public interface MountCheck {
    boolean isMounted(Path device) throws IOException;
  }

  /// @param root of the devices' directories
  /// @param names of the devices
  public DiskUses(
      Path root, Collection<String> names, Disk disk, MountCheck check, LongSupplier nanos) {
    this(root, names, disk, check, nanos, PATIENCE);
  }

  DiskUses(
      Path root,
      Collection<String> names,
      Disk disk,
      MountCheck check,
      LongSupplier nanos,
      Duration patience) {
    this.root = root;
    this.disk = disk;
    this.check = check;
    this.nanos = nanos;
    this.patience = patience;
    names.forEach(name -> devices.put(name, new Measuring(name)));
  }

  Path root() {
    return root;
  }

  List<String> names() {
    return List.copyOf(devices.keySet());
  }

  /// All devices, by name; completes within seconds and never fails.
  CompletableFuture<List<DiskUse>> measure() {
    List<CompletableFuture<DiskUse>> asked = new ArrayList<>();
    devices.values().forEach(device -> asked.add(device.ask()));
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(done -> asked.stream().map(CompletableFuture::join).toList());
  }

  private DiskUse measure(String name) {
    Path device = root.resolve(name);
    try {
      if (!check.isMounted(device)) {
        return DiskUse.notMounted(name);
      }
      DiskSpace space = disk.space(device);
      String fileSystem = String.valueOf(Files.getAttribute(device, "unix:dev"));
      return new DiskUse(name, true, null, space.total(), space.usable(), fileSystem);
    } catch (IOException e) {
      return DiskUse.failed(name, String.valueOf(e));
    }
  }

  /// One device: who asks while it is measured waits for that.
  private final class Measuring {
    private final String name;
    private @Nullable CompletableFuture<DiskUse> last;
    private long lastBegan;

    Measuring(String name) {
      this.name = name;
    }

    CompletableFuture<DiskUse> ask() {
      return current()
          .copy()
          .completeOnTimeout(
              DiskUse.failed(
                  name, "the disk does not answer within " + patience.toSeconds() + " s"),
              patience.toMillis(),
              TimeUnit.MILLISECONDS);
    }

    private synchronized CompletableFuture<DiskUse> current() {
      long now = nanos.getAsLong();
      CompletableFuture<DiskUse> before = last;
      if (before != null && (!before.isDone() || now - lastBegan < FRESH_NANOS)) {
        return before;
      }
      CompletableFuture<DiskUse> begun = new CompletableFuture<>();
      last = begun;
      lastBegan = now;
      Thread.ofPlatform().daemon().name("disk-use-" + name).start(() -> run(begun));
      return begun;
    }

    private void run(CompletableFuture<DiskUse> begun) {
      try {
        begun.complete(measure(name));
      } catch (RuntimeException | Error e) {
        begun.complete(DiskUse.failed(name, String.valueOf(e)));
      }
    }
  }
}
