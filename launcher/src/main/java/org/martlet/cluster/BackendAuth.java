package org.martlet.cluster;

/// Whether servers sign their requests to each other.
public enum BackendAuth {
  /// Every request carries an HMAC under the cluster's secret.
  HMAC,
  /// Nothing is signed or checked: for experiments on a network that is trusted.
  NONE
}
