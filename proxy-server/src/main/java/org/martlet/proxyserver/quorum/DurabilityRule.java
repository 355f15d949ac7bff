package org.martlet.proxyserver.quorum;

import java.util.Collection;
import org.martlet.proxyserver.quorum.Vote.Voter;

/// When a change is durable: enough distinct devices have it, on enough distinct servers.
///
/// @param replicas how many copies the ring wants, 1 or more
/// @param quorum how many devices must have acknowledged, 1 to replicas
/// @param servers on how many machines at least, 1 to quorum
public record DurabilityRule(int replicas, int quorum, int servers) {
  public DurabilityRule {
    if (quorum < 1 || quorum > replicas || servers < 1 || servers > quorum) {
      throw new IllegalArgumentException(
          "not 1 <= servers <= quorum <= replicas: " + servers + ", " + quorum + ", " + replicas);
    }
  }

  /// The rule for a ring: two servers where the ring has two and two copies are asked for. Swift's
  /// count does not look at servers.
  ///
  /// @param serversInRing how many machines hold partitions
  public static DurabilityRule of(WriteQuorum count, int replicas, int serversInRing) {
    int quorum = count.of(replicas);
    int servers = count == WriteQuorum.SWIFT ? 1 : Math.min(2, Math.min(quorum, serversInRing));
    return new DurabilityRule(replicas, quorum, Math.max(1, servers));
  }

  /// Whether these devices are enough. A device that is named twice counts once.
  public boolean holds(Collection<Voter> acknowledged) {
    return acknowledged.size() >= quorum && hasDevices(acknowledged) && hasServers(acknowledged);
  }

  /// Whether these are enough devices, but on too few servers.
  public boolean lacksOnlyServers(Collection<Voter> acknowledged) {
    return hasDevices(acknowledged) && !hasServers(acknowledged);
  }

  private boolean hasDevices(Collection<Voter> acknowledged) {
    return acknowledged.stream().map(Voter::device).distinct().limit(quorum).count() == quorum;
  }

  private boolean hasServers(Collection<Voter> acknowledged) {
    return acknowledged.stream().map(Voter::server).distinct().limit(servers).count() == servers;
  }
}
