package org.martlet.role;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.martlet.common.ring.RingDevice;

/// Tells which devices of a ring this process serves: those with its port at an address of this
/// machine. Names are resolved once, the answers kept.
///
/// Threads: any.
final class LocalDevices implements Predicate<RingDevice> {
  private final int port;
  private final Set<InetAddress> own;
  private final ConcurrentHashMap<String, Boolean> known = new ConcurrentHashMap<>();

  LocalDevices(int port) throws SocketException {
    this.port = port;
    this.own =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public boolean test(RingDevice device) {
    return device.port() == port && known.computeIfAbsent(device.ip(), this::isOwn);
  }

  private boolean isOwn(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (own.contains(address) || address.isLoopbackAddress()) {
          return true;
        }
      }
      return false;
    } catch (UnknownHostException e) {
      // Another machine whose name is gone: certainly not this one.
      return false;
    }
  }
}
