package org.martlet.role;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.martlet.common.ring.RingDevice;

/// Tells which devices of a ring this process serves: those with its port at the address that it
/// listens on, or, where it listens on all, at any address of this machine. Names are resolved
/// once, the answers kept.
///
/// Threads: any.
final class LocalDevices implements Predicate<RingDevice> {
  private final int port;
  private final Set<InetAddress> own;
  private final ConcurrentHashMap<String, Boolean> known = new ConcurrentHashMap<>();

  /// @param host that the process listens on
  /// @throws IOException if the host's name is not known
  LocalDevices(String host, int port) throws IOException {
    this.port = port;
    InetAddress[] listening = InetAddress.getAllByName(host);
    boolean all = Arrays.stream(listening).anyMatch(InetAddress::isAnyLocalAddress);
    this.own = all ? addresses() : Set.of(listening);
  }

  private static Set<InetAddress> addresses() throws SocketException {
    return NetworkInterface.networkInterfaces()
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
        if (own.contains(address)) {
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
