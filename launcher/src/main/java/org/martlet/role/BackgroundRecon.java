package org.martlet.role;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.martlet.recon.ReconContext;
import org.martlet.replicator.run.ReplicationStatus.HoldingStatus;
import org.martlet.replicator.run.Space;
import org.martlet.replicator.service.ServiceStatus;

/// The background work of a process in the fields of Swift's recon middleware.
///
/// A node has a pass for each device and ring, Swift has one for all: what is told is the longest
/// of the last complete passes, the end of the one that ended first, and the counts of all
/// together.
final class BackgroundRecon implements ReconContext.Background {
  private static final double MILLIS = 1e3;
  private static final double SECONDS_A_MINUTE = 60;

  private final Supplier<@Nullable BackgroundService> service;

  /// @param service null before it has begun
  BackgroundRecon(Supplier<@Nullable BackgroundService> service) {
    this.service = service;
  }

  /// `replication_time` is in minutes for objects, in seconds for containers and accounts, as in
  /// Swift; `replication_last` is 0 as long as a device has never ended a complete pass.
  @Override
  public Map<String, @Nullable Object> replication(String kind) {
    BackgroundService background = service.get();
    List<HoldingStatus> holdings =
        background == null
            ? List.of()
            : background.status().holdings().stream()
                .filter(holding -> isOf(kind, holding.space()))
                .toList();
    @Nullable Double last = holdings.isEmpty() ? null : lastOf(holdings);
    @Nullable Double took = last == null || last == 0 ? null : tookOf(holdings);
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    if (kind.equals("object")) {
      @Nullable Double minutes = took == null ? null : took / SECONDS_A_MINUTE;
      json.put("replication_time", minutes);
      json.put("replication_stats", stats(holdings));
      json.put("replication_last", last);
      json.put("object_replication_time", minutes);
      json.put("object_replication_last", last);
    } else {
      json.put("replication_time", took);
      json.put("replication_stats", stats(holdings));
      json.put("replication_last", last);
    }
    return json;
  }

  private static boolean isOf(String kind, Space space) {
    return switch (kind) {
      case "container" -> space.equals(Space.CONTAINERS);
      case "account" -> space.equals(Space.ACCOUNTS);
      default -> !space.equals(Space.CONTAINERS) && !space.equals(Space.ACCOUNTS);
    };
  }

  private static double lastOf(List<HoldingStatus> holdings) {
    return holdings.stream()
        .mapToDouble(holding -> holding.pass().lastComplete().map(BackgroundRecon::at).orElse(0.0))
        .min()
        .orElse(0);
  }

  private static double tookOf(List<HoldingStatus> holdings) {
    return holdings.stream()
        .map(holding -> holding.pass().lastTook())
        .flatMap(Optional::stream)
        .mapToDouble(BackgroundRecon::seconds)
        .max()
        .orElse(0);
  }

  /// Partitions tried with a peer in the passes under way or the last ones, and those that failed.
  private static @Nullable Map<String, Object> stats(List<HoldingStatus> holdings) {
    if (holdings.isEmpty()) {
      return null;
    }
    long attempted = holdings.stream().mapToLong(holding -> holding.pass().done()).sum();
    long failed =
        holdings.stream()
            .flatMap(holding -> holding.faults().stream())
            .mapToLong(fault -> fault.count())
            .sum();
    Map<String, Object> stats = new LinkedHashMap<>();
    stats.put("attempted", attempted);
    stats.put("failure", failed);
    stats.put("success", Math.max(0, attempted - failed));
    return stats;
  }

  @Override
  public Map<String, @Nullable Object> expirer() {
    BackgroundService background = service.get();
    Optional<ServiceStatus> expirer =
        background == null
            ? Optional.empty()
            : background.serviceStatus().stream()
                .filter(status -> status.name().equals("expirer"))
                .findFirst();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put(
        "object_expiration_pass",
        expirer.flatMap(ServiceStatus::lastTook).map(BackgroundRecon::seconds).orElse(null));
    json.put(
        "expired_last_pass",
        expirer
            .filter(status -> status.lastPass().isPresent())
            .map(ServiceStatus::lastDone)
            .orElse(null));
    return json;
  }

  private static double at(Instant moment) {
    return moment.toEpochMilli() / MILLIS;
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / MILLIS;
  }
}
