package org.martlet.replicator.service;

import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.run.ReplicaFault;

/// Takes requests to devices' servers.
///
/// - Threads: any that may block.
public interface Transport {
  /// Sends a request and waits for the head of the answer, whose body the caller reads or closes.
  ///
  /// @param request its target names the device
  /// @throws ReplicaFault if there is no answer; what was asked may have happened
  Response send(RingDevice device, Request request) throws ReplicaFault;
}
