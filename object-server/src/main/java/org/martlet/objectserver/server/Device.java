package org.martlet.objectserver.server;

import org.martlet.common.http.Refused;
import org.martlet.common.runtime.DeviceLane;
import org.martlet.objectserver.store.DeviceStatus;
import org.martlet.objectserver.store.DeviceStore;

/// A device as requests see it.
///
/// @param name as in the ring
/// @param lane the threads that may call the store
/// @param repairs what is known to be in need of repair
/// @param quarantined what was found damaged since it was opened
record Device(
    String name,
    DeviceStore store,
    DeviceLane lane,
    RepairQueue repairs,
    QuarantineCounts quarantined) {
  /// Whether anything new is to be asked of it. Called on the lane: a look at the space that is
  /// left may block. Changes need not ask: the store refuses them by itself.
  ///
  /// @throws Refused 507 if the device answers nothing now
  void checkAnswers() {
    checkAnswers(store.status());
  }

  private void checkAnswers(DeviceStatus status) {
    switch (status) {
      case DeviceStatus.Online online -> {}
      case DeviceStatus.LowSpace low -> {}
      case DeviceStatus.Full full -> {}
      case DeviceStatus.Hung hung -> throw unavailable("hung");
      case DeviceStatus.Offline offline -> throw unavailable("offline");
      case DeviceStatus.Closed closed -> throw unavailable("closed");
    }
  }

  /// The same without a look at the disk, for event loops: who asks a device that hangs is told at
  /// once and does not wait for its threads.
  ///
  /// @throws Refused 507 if the device answers nothing now
  void checkAnswersQuickly() {
    checkAnswers(store.lastStatus());
  }

  private Refused unavailable(String how) {
    return new Refused(507, "Drive " + name + " is " + how);
  }
}
