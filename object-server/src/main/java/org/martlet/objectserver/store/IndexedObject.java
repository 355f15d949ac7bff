package org.martlet.objectserver.store;

import org.martlet.objectserver.state.ObjectClocks;
import org.martlet.objectserver.state.ObjectKey;

/// What the index knows of an object or tombstone.
///
/// @param sequence of the record that made this state; grows with every change on this device
/// @param isDue whether a listing has yet to hear of it
public record IndexedObject(ObjectKey key, ObjectClocks clocks, long sequence, boolean isDue) {}
