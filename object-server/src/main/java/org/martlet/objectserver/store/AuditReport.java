package org.martlet.objectserver.store;

import java.util.List;

/// What the audit of a device has found.
///
/// @param progress of the pass under way
/// @param damagedSinceOpen objects that were found damaged and quarantined
/// @param unreadable things that could not be read (EIO), since the device was opened
/// @param alarms how the index contradicted its own entries at the end of the last pass; empty
///     where all is well
public record AuditReport(
    AuditNote progress, long damagedSinceOpen, long unreadable, List<String> alarms) {}
