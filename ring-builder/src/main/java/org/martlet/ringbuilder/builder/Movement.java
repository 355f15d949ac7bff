package org.martlet.ringbuilder.builder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.martlet.common.ring.RingDevice;

/// What has to be copied for one assignment to become another.
///
/// @param replicas that come to another device, or are new
/// @param total all replicas of the new assignment
/// @param partitionsMoving the n-th number says of how many partitions n replicas move at once
/// @param levels regions, zones, servers, devices
public record Movement(
    int replicas, int total, List<Integer> partitionsMoving, List<Level> levels) {

  /// The moves as they look at one level of failure domains.
  ///
  /// @param name region, zone, server or device
  /// @param flows the largest first
  public record Level(String name, List<Flow> flows) {
    /// By domain, what comes from and goes to other domains, and what moves inside; by name.
    public List<Traffic> traffic() {
      Map<String, int[]> counts = new TreeMap<>();
      for (Flow flow : flows) {
        boolean inside = flow.to().equals(flow.from());
        counts.computeIfAbsent(flow.to(), key -> new int[3])[inside ? 2 : 0] += flow.replicas();
        if (!inside && flow.from() != null) {
          counts.computeIfAbsent(flow.from(), key -> new int[3])[1] += flow.replicas();
        }
      }
      return counts.entrySet().stream()
          .map(e -> new Traffic(e.getKey(), e.getValue()[0], e.getValue()[1], e.getValue()[2]))
          .toList();
    }
  }

  /// Replicas that move between two domains, or inside one.
  ///
  /// @param from null for replicas that nobody held before
  public record Flow(@Nullable String from, String to, int replicas) {}

  /// What a domain gets, gives and moves inside.
  public record Traffic(String domain, int arriving, int leaving, int inside) {}

  private static final List<String> LEVELS = List.of("region", "zone", "server", "device");

  /// Compares two states of one builder.
  static Movement between(RingBuilder before, RingBuilder after) {
    int[][] old = before.rows;
    int[][] now = after.rows;
    int parts = after.partitionCount();
    int[] moving = new int[now.length + 1];
    int replicas = 0;
    Map<Long, Integer> pairs = new HashMap<>();
    for (int part = 0; part < parts; part++) {
      int movingNow = 0;
      for (int row = 0; row < now.length && part < now[row].length; row++) {
        int to = now[row][part];
        int from = row < old.length && part < old[row].length ? old[row][part] : RowTable.NONE;
        if (from != to) {
          movingNow++;
          pairs.merge(((long) from << Integer.SIZE) | to, 1, Integer::sum);
        }
      }
      moving[movingNow]++;
      replicas += movingNow;
    }
    List<Level> levels = new ArrayList<>();
    for (int level = 0; level < LEVELS.size(); level++) {
      levels.add(new Level(LEVELS.get(level), flows(pairs, level, before, after)));
    }
    int total = Arrays.stream(now).mapToInt(row -> row.length).sum();
    return new Movement(
        replicas, total, Arrays.stream(moving).boxed().toList(), List.copyOf(levels));
  }

  private static List<Flow> flows(
      Map<Long, Integer> pairs, int level, RingBuilder before, RingBuilder after) {
    Map<Integer, String> oldNames = names(level, before);
    Map<Integer, String> newNames = names(level, after);
    Map<List<String>, Integer> flows = new HashMap<>();
    for (Map.Entry<Long, Integer> pair : pairs.entrySet()) {
      int from = (int) (pair.getKey() >> Integer.SIZE);
      int to = pair.getKey().intValue();
      List<String> ends = List.of(oldNames.getOrDefault(from, ""), newNames.getOrDefault(to, ""));
      flows.merge(ends, pair.getValue(), Integer::sum);
    }
    return flows.entrySet().stream()
        .map(e -> new Flow(orNull(e.getKey().get(0)), e.getKey().get(1), e.getValue()))
        .sorted(
            Comparator.comparingInt((Flow flow) -> -flow.replicas())
                .thenComparing(flow -> String.valueOf(flow.from()))
                .thenComparing(Flow::to))
        .toList();
  }

  private static @Nullable String orNull(String name) {
    return name.isEmpty() ? null : name;
  }

  private static Map<Integer, String> names(int level, RingBuilder builder) {
    return builder.roster.all().stream()
        .collect(Collectors.toMap(d -> d.id().value(), device -> name(level, device)));
  }

  private static String name(int level, RingDevice device) {
    String zone = "r" + device.region() + "z" + device.zone();
    return switch (level) {
      case 0 -> "r" + device.region();
      case 1 -> zone;
      case 2 -> zone + "-" + device.ip();
      default -> "d" + device.id() + zone + "-" + device.address() + "/" + device.device();
    };
  }

  /// The share of the data that is copied, in percent, where all partitions are equally large.
  public double percent() {
    return total == 0 ? 0 : 100.0 * replicas / total;
  }

  /// Partitions of which at least one replica moves.
  public int partitions() {
    return partitionsMoving.stream().skip(1).mapToInt(count -> count).sum();
  }
}
