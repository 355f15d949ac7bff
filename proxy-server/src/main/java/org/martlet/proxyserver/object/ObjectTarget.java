package org.martlet.proxyserver.object;

import org.martlet.common.http.Headers;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.proxyserver.backend.BackendRequest;

/// An object in the storage policy of its container.
///
/// @param path names the object
/// @param policy the storage policy's index
/// @param transactionId of the client's request
record ObjectTarget(ObjectPath path, int policy, String transactionId) {
  /// A request without a body for the devices; the headers are taken over and completed.
  BackendRequest request(String method, Headers headers) {
    headers.set(BackendHeaders.POLICY_INDEX, policy);
    return BackendRequest.of(method, path, headers, transactionId);
  }
}
