package org.martlet.objectserver.store;

import org.martlet.objectserver.state.ObjectClocks;
import org.martlet.objectserver.state.ObjectKey;

/// What the index knows of an object or tombstone.
///
/// @param sequence of the record that made this state; grows with every change on this device
public record IndexedObject(ObjectKey key, ObjectClocks clocks, long sequence) {}
