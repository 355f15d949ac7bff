package org.martlet.replicator.service;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.martlet.replicator.run.ReplicaFault;

/// A service whose pass asks each local device what there is to be done. A device that does not
/// answer keeps back no other.
///
/// @param <S> what a device is asked through
abstract class DeviceService<S> implements Service {
  private final Duration interval;
  private final List<LocalDevice<S>> devices;
  private final InstantSource clock;
  private final ServiceProgress progress;

  DeviceService(String name, Duration interval, List<LocalDevice<S>> devices, InstantSource clock) {
    this.interval = interval;
    this.devices = List.copyOf(devices);
    this.clock = clock;
    this.progress = new ServiceProgress(name);
  }

  /// Does what one device says that there is to be done.
  ///
  /// @throws ReplicaFault if the device does not answer; the pass goes on with the next
  abstract void pass(LocalDevice<S> device) throws ReplicaFault;

  final InstantSource clock() {
    return clock;
  }

  final ServiceProgress progress() {
    return progress;
  }

  @Override
  public final Duration interval() {
    return interval;
  }

  @Override
  public final ServiceStatus status() {
    return progress.status();
  }

  @Override
  public final void pass() {
    progress.begun(clock.instant());
    for (LocalDevice<S> device : devices) {
      try {
        pass(device);
      } catch (ReplicaFault e) {
        progress.failed(device.name(), e);
      }
    }
    progress.ended(clock.instant());
  }
}
