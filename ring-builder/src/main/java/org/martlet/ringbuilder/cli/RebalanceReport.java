package org.martlet.ringbuilder.cli;

import com.google.errorprone.annotations.FormatMethod;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;
import org.martlet.ringbuilder.builder.Movement;
import org.martlet.ringbuilder.builder.RebalanceResult;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A rebalance as it was made on a copy or for good, beside the state before it.
///
/// @param before not changed by the rebalance
record RebalanceReport(RingBuilder before, RingBuilder after, RebalanceResult result, long seed) {
  /// So many flows of a level are printed; all of them are in the JSON.
  private static final int FLOWS_SHOWN = 8;

  /// Rebalances a builder, keeping what it was before.
  static RebalanceReport of(RingBuilder builder, long seed, InstantSource clock)
      throws RingBuilderException {
    RingBuilder before = builder.copy();
    RebalanceResult result = builder.rebalance(seed, clock);
    return new RebalanceReport(before, builder, result, seed);
  }

  Movement movement() {
    return after.movementSince(before);
  }

  /// One line on moves and their lower bound.
  String bound() {
    return line(
        "Moves %d replicas, the fewest possible are %d (%d above); %d are left for later"
            + " rebalances.",
        result.changed(), result.fewest(), result.aboveFewest(), result.left());
  }

  /// What would move, from where to where, for people.
  List<String> preview() {
    Movement movement = movement();
    List<String> lines = new ArrayList<>();
    lines.add(
        line(
            "Would move %d of %d replicas (%.2f%% of the data) in %d partitions.",
            movement.replicas(), movement.total(), movement.percent(), movement.partitions()));
    lines.add(bound());
    lines.add(
        line(
            "Balance %.2f -> %.2f, dispersion %.2f -> %.2f.",
            before.balance(), result.balance(), before.dispersion(), result.dispersion()));
    for (int moving = 0; moving < movement.partitionsMoving().size(); moving++) {
      int partitions = movement.partitionsMoving().get(moving);
      if (partitions > 0) {
        lines.add(
            line(
                "%d replicas move at once in %9d partitions (%.2f%%)%s",
                moving,
                partitions,
                100.0 * partitions / after.partitionCount(),
                moving > 1 ? ": they come off removed devices, or are new" : ""));
      }
    }
    for (Movement.Level level : movement.levels()) {
      addFlows(level, lines);
    }
    return lines;
  }

  /// What every region, zone, server and device gives and gets, and what devices hold then.
  List<String> details() throws RingBuilderException {
    List<String> lines = new ArrayList<>();
    lines.add(
        line(
            "seed %d, overload %.6f of %.6f required",
            seed, after.overload(), after.requiredOverload()));
    for (Movement.Level level : movement().levels()) {
      for (Movement.Traffic traffic : level.traffic()) {
        lines.add(
            line(
                "%s %s: %d replicas arrive, %d leave, %d move inside",
                level.name(),
                traffic.domain(),
                traffic.arriving(),
                traffic.leaving(),
                traffic.inside()));
      }
    }
    Map<DeviceId, Integer> had = before.partitionsByDevice();
    Map<DeviceId, Integer> has = after.partitionsByDevice();
    Map<DeviceId, Double> balances = after.balances();
    for (RingDevice device : after.devices()) {
      lines.add(
          line(
              "device %s: %d -> %d replicas, balance %.2f",
              device.id(),
              had.getOrDefault(device.id(), 0),
              has.getOrDefault(device.id(), 0),
              balances.getOrDefault(device.id(), 0.0)));
    }
    return lines;
  }

  private static void addFlows(Movement.Level level, List<String> lines) {
    if (level.flows().isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(line("%9s  by %s", "replicas", level.name()));
    level.flows().stream()
        .limit(FLOWS_SHOWN)
        .forEach(
            flow ->
                lines.add(
                    line(
                        "%9d  %s -> %s",
                        flow.replicas(),
                        flow.from() == null ? "(nowhere)" : flow.from(),
                        flow.to())));
    int more = level.flows().size() - FLOWS_SHOWN;
    if (more > 0) {
      lines.add(line("%9s  and %d more pairs: see --json", "", more));
    }
  }

  /// For programs.
  ///
  /// @param written whether builder and ring were saved
  void putInto(ObjectNode root, boolean written) {
    root.put("written", written);
    root.put("seed", seed);
    root.put("version", after.version());
    root.put("removed_devices", result.removedDevices());
    root.put("fewest_moves", result.fewest());
    root.put("above_fewest", result.aboveFewest());
    root.put("left", result.left());
    putChange(root.putObject("balance"), before.balance(), result.balance());
    putChange(root.putObject("dispersion"), before.dispersion(), result.dispersion());
    putMovement(root, movement());
  }

  private static void putChange(ObjectNode change, double before, double after) {
    change.put("before", before);
    change.put("after", after);
  }

  private static void putMovement(ObjectNode root, Movement movement) {
    root.put("moved_replicas", movement.replicas());
    root.put("total_replicas", movement.total());
    root.put("moved_percent", movement.percent());
    root.put("moved_partitions", movement.partitions());
    ArrayNode moving = root.putArray("partitions_by_replicas_moving_at_once");
    movement.partitionsMoving().forEach(moving::add);
    ObjectNode tiers = root.putObject("tiers");
    for (Movement.Level level : movement.levels()) {
      ObjectNode tier = tiers.putObject(level.name());
      ArrayNode flows = tier.putArray("flows");
      for (Movement.Flow flow : level.flows()) {
        ObjectNode node = flows.addObject();
        node.put("from", flow.from());
        node.put("to", flow.to());
        node.put("replicas", flow.replicas());
      }
      ArrayNode domains = tier.putArray("domains");
      for (Movement.Traffic traffic : level.traffic()) {
        ObjectNode node = domains.addObject();
        node.put("name", traffic.domain());
        node.put("arriving", traffic.arriving());
        node.put("leaving", traffic.leaving());
        node.put("inside", traffic.inside());
      }
    }
  }

  @FormatMethod
  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
