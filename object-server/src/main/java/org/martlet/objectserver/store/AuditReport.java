package org.martlet.objectserver.store;

import java.util.List;

/// What the audit of a device has found.
///
/// @param progress of the pass under way
/// @param damagedSinceOpen objects that were found damaged and quarantined
/// @param unreadable things that could not be read (EIO), since the device was opened
/// @param orphanBlobs files that no object referred to, removed since the device was opened
/// @param alarms how the index contradicted its own entries at the end of the last pass; empty
///     where all is well
public record AuditReport(
    AuditNote progress,
    long damagedSinceOpen,
    long unreadable,
    long orphanBlobs,
    List<String> alarms) {

  AuditReport at(AuditNote now) {
    return new AuditReport(now, damagedSinceOpen, unreadable, orphanBlobs, alarms);
  }

  AuditReport withDamage(AuditNote now) {
    return new AuditReport(now, damagedSinceOpen + 1, unreadable, orphanBlobs, alarms);
  }

  AuditReport withUnreadable() {
    return new AuditReport(progress, damagedSinceOpen, unreadable + 1, orphanBlobs, alarms);
  }

  AuditReport withOrphans(int more) {
    return new AuditReport(progress, damagedSinceOpen, unreadable, orphanBlobs + more, alarms);
  }

  AuditReport withAlarms(List<String> found) {
    return new AuditReport(progress, damagedSinceOpen, unreadable, orphanBlobs, found);
  }
}
