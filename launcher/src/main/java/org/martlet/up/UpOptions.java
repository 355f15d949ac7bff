package org.martlet.up;

import java.nio.file.Path;

/// What the user chose for an embedded cluster.
///
/// @param data the directory that holds everything
/// @param address where the proxy listens
/// @param port the proxy's port; 0: any that is free
/// @param devices how many storage devices a new cluster has
/// @param replicas how many copies a new cluster keeps
/// @param stopWhenReady whether to stop as soon as it serves
public record UpOptions(
    Path data, String address, int port, int devices, int replicas, boolean stopWhenReady) {
  /// The ring's size: enough for a few dozen devices, and quick to load.
  static final int PART_POWER = 10;
}
