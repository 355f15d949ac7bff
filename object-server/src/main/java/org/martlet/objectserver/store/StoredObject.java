package org.martlet.objectserver.store;

import org.martlet.objectserver.state.ObjectRecord;

/// An object or tombstone as this device has it: its whole record.
///
/// @param sequence of the record that made this state; grows with every change on this device
public record StoredObject(ObjectRecord record, long sequence) {}
