package org.martlet.common.replication;

import org.martlet.common.model.ObjectHash;

/// An object or tombstone as a device lists it.
///
/// @param sequence grows with every change of the record on the device that lists it; means nothing
///     on another
public record RecordEntry(ObjectHash hash, RecordClocks clocks, long sequence) {}
