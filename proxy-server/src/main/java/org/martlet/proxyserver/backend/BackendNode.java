package org.martlet.proxyserver.backend;

import org.martlet.common.http.Endpoint;
import org.martlet.common.model.PartitionId;
import org.martlet.common.ring.RingDevice;
import org.martlet.proxyserver.quorum.Vote.Voter;

/// A device that may be asked about a partition.
///
/// @param device where it is
/// @param partition in the ring that named the device: the previous ring may have had another part
///     power
/// @param handoff whether it stands in for a primary
public record BackendNode(RingDevice device, PartitionId partition, boolean handoff) {
  public Endpoint endpoint() {
    return new Endpoint(device.ip(), device.port());
  }

  /// Names the device in the whole cluster: `host:port/device`.
  public String key() {
    return key(device);
  }

  static String key(RingDevice device) {
    return device.address() + "/" + device.device();
  }

  public Voter voter() {
    return new Voter(key(), device.ip(), handoff);
  }
}
