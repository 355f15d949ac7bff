package org.martlet.objectserver.store;

import org.martlet.objectserver.index.ObjectIndex;
import org.martlet.objectserver.volume.BlobFiles;
import org.martlet.objectserver.volume.RecordReader;
import org.martlet.objectserver.volume.VolumeWriter;
import org.martlet.objectserver.volume.Volumes;

/// What an open device consists of.
record DeviceParts(
    ObjectIndex index,
    Volumes volumes,
    VolumeWriter writer,
    RecordReader records,
    BlobFiles blobs,
    Sequences sequences,
    DeviceHealth health) {}
