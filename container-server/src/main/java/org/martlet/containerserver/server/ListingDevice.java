package org.martlet.containerserver.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.martlet.common.device.DeviceRefused;
import org.martlet.common.device.LastPass;
import org.martlet.common.disk.Disk;
import org.martlet.common.disk.DiskSpace;
import org.martlet.common.disk.SpaceGauge;
import org.martlet.common.http.Refused;
import org.martlet.common.runtime.DeviceLane;
import org.martlet.containerserver.listing.ListingFault;
import org.martlet.containerserver.listing.ListingKind;
import org.martlet.containerserver.listing.ListingStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One device as requests see it: its name, its threads, its listings once they are open.
///
/// A device whose directory is missing, or whose database cannot be opened, is offline; the others
/// are not concerned.
///
/// Threads: any; [#open], [#close] and the checks of space block on the device.
final class ListingDevice {
  private static final Logger log = LoggerFactory.getLogger(ListingDevice.class);

  private final String name;
  private final Path directory;
  private final DeviceLane lane;
  private final DeviceLane background;
  private final Disk disk;
  private final SpaceGauge space;
  private final Semaphore batches;
  private final Map<ListingKind, LastPass> passes = new EnumMap<>(ListingKind.class);
  private volatile DeviceState state = new DeviceState.Opening();
  private volatile int movedAside;

  /// Opens the database of a device.
  interface Opener {
    DeviceState.Online open(Path directory) throws IOException;
  }

  /// @param lane the threads of clients' requests
  /// @param background the threads of what replicas and services ask for
  /// @param batchBytes of batches that may be in memory for this device
  ListingDevice(
      String name,
      Path directory,
      DeviceLane lane,
      DeviceLane background,
      Disk disk,
      SpaceGauge space,
      int batchBytes) {
    this.name = name;
    this.directory = directory;
    this.lane = lane;
    this.background = background;
    this.disk = disk;
    this.space = space;
    this.batches = new Semaphore(batchBytes);
    for (ListingKind kind : ListingKind.values()) {
      passes.put(kind, new LastPass(disk, directory, kind.service()));
    }
  }

  String name() {
    return name;
  }

  DeviceLane lane() {
    return lane;
  }

  /// The threads of what replicas and services ask for: clients do not wait behind it.
  DeviceLane background() {
    return background;
  }

  /// The memory, in bytes, that batches for this device may take.
  Semaphore batches() {
    return batches;
  }

  /// When the listings of a kind were last compared with all replicas.
  LastPass lastPass(ListingKind kind) {
    LastPass pass = passes.get(kind);
    if (pass == null) {
      throw new IllegalStateException("there is no kind " + kind);
    }
    return pass;
  }

  DeviceState state() {
    return state;
  }

  /// Corrupt databases that were moved aside, as of when it was opened: they are moved only then.
  int movedAside() {
    return movedAside;
  }

  void open(Opener opener) {
    try {
      if (!disk.exists(directory)) {
        throw new IOException("the directory " + directory + " is missing");
      }
      DeviceState.Online online = opener.open(directory);
      movedAside = ListingStore.movedAside(disk, directory);
      if (!become(online)) {
        online.store().close();
        return;
      }
      log.info("device {}: listings are open", name);
    } catch (DeviceRefused e) {
      log.error("device {} is not served: {}", name, e.getMessage());
      become(new DeviceState.Refused(String.valueOf(e.getMessage())));
    } catch (IOException | RuntimeException e) {
      log.error("device {}: listings cannot be opened", name, e);
      become(new DeviceState.Offline(String.valueOf(e.getMessage())));
    }
  }

  /// @return false if the device was closed meanwhile
  private synchronized boolean become(DeviceState opened) {
    if (!(state instanceof DeviceState.Opening)) {
      return false;
    }
    state = opened;
    return true;
  }

  private synchronized DeviceState becomeClosed() {
    DeviceState before = state;
    state = new DeviceState.Offline("the server is stopped");
    return before;
  }

  /// Refuses what has waited too long for the device; called regularly by a timer.
  void refuseOverdue() {
    lane.refuseOverdue();
    background.refuseOverdue();
    if (state instanceof DeviceState.Online online) {
      online.store().refuseOverdue();
    }
  }

  /// The device's listings.
  ///
  /// @throws Refused 507 if it has none to offer now
  DeviceState.Online online() {
    return switch (state) {
      case DeviceState.Online online -> {
        @Nullable ListingFault fault = online.store().unavailable();
        if (fault != null) {
          throw unavailable(String.valueOf(fault.getMessage()));
        }
        yield online;
      }
      case DeviceState.Opening opening -> throw unavailable("its listings are being opened");
      case DeviceState.Refused refused -> throw unavailable("it is refused");
      case DeviceState.Offline offline -> throw unavailable("offline");
    };
  }

  /// What to answer where a request fails because of the device.
  Refused unavailable(String why) {
    return new Refused(507, "Drive " + name + " cannot be used: " + why);
  }

  /// The space as it was last measured; empty before the first measure; never blocks.
  Optional<DiskSpace> lastSpace() {
    return space.lastSpace();
  }

  /// Measures the space, so that others see it; may block on the device.
  void measureSpace() {
    space.level();
  }

  /// Whether the reserve of the device is not reached.
  boolean hasSpace() {
    return space.level() == SpaceGauge.Level.AMPLE;
  }

  /// @throws Refused 507 if the reserve of the device is reached
  void checkSpace() {
    if (!hasSpace()) {
      throw full();
    }
  }

  /// What only deletes goes on below the reserve, so that a full device can be emptied.
  ///
  /// @throws Refused 507 if the hard reserve of the device is reached
  void checkSpaceToDelete() {
    if (space.level() == SpaceGauge.Level.FULL) {
      throw full();
    }
  }

  private Refused full() {
    return new Refused(507, "Drive " + name + " is full");
  }

  /// Finishes what was let in, then closes the database.
  ///
  /// @param limit for each of these; a device that hangs is left as it is: what was acknowledged is
  ///     durable
  void close(Duration limit) {
    boolean backgroundEnded = background.close(limit);
    boolean ended = lane.close(limit) && backgroundEnded;
    DeviceState before = becomeClosed();
    if (before instanceof DeviceState.Online online && !(ended && close(online.store(), limit))) {
      log.error("device {}: it hangs, its listing database is not closed", name);
    }
  }

  private boolean close(ListingStore store, Duration limit) {
    Thread closing =
        Thread.ofPlatform().daemon().name("close-listings-" + name).start(store::close);
    try {
      return closing.join(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
