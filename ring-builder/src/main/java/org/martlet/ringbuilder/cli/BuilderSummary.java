package org.martlet.ringbuilder.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingFile;
import org.martlet.common.ring.RingFileException;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import tools.jackson.databind.node.ObjectNode;

/// What `ring-builder BUILDER` shows: the builder in a few lines, whether its ring is written,
/// its devices.
record BuilderSummary(Path file, RingBuilder builder, InstantSource clock) {
  /// A ring file beside its builder.
  private enum RingState {
    MISSING("missing"),
    CURRENT("up-to-date"),
    OBSOLETE("obsolete"),
    INVALID("invalid");

    private final String word;

    RingState(String word) {
      this.word = word;
    }
  }

  void show(Report report) throws RingBuilderException {
    List<RingDevice> devices = builder.devices();
    long regions = devices.stream().map(RingDevice::region).distinct().count();
    long zones = devices.stream().map(d -> List.of(d.region(), d.zone())).distinct().count();
    double balance = builder.balance();
    double dispersion = builder.dispersion();
    Duration left = builder.minPartTimeLeft(clock);
    report.line("%s, build version %d, id %s", file, builder.version(), builder.id());
    report.line(
        "%d partitions, %.6f replicas, %d regions, %d zones, %d devices, %.2f balance, %.2f"
            + " dispersion",
        builder.partitionCount(),
        builder.replicas(),
        regions,
        zones,
        devices.size(),
        balance,
        dispersion);
    report.line(
        "The minimum number of hours before a partition can be reassigned is %d (%s remaining)",
        builder.minPartHours(), Numbers.time(left));
    report.line(
        "The overload factor is %.2f%% (%.6f)", builder.overload() * 100, builder.overload());

    ObjectNode json = report.json();
    json.put("builder", file.toString());
    json.put("version", builder.version());
    json.put("id", builder.id());
    json.put("part_power", builder.partPower());
    json.put("partitions", builder.partitionCount());
    json.put("replicas", builder.replicas());
    json.put("regions", regions);
    json.put("zones", zones);
    json.put("balance", balance);
    json.put("dispersion", dispersion);
    json.put("min_part_hours", builder.minPartHours());
    json.put("min_part_seconds_left", left.toSeconds());
    json.put("overload", builder.overload());
    RingState state = showRing(report);
    json.set("devices", DeviceTable.json(builder, devices));
    DeviceTable.all(builder, report);
    next(report, state);
  }

  private RingState showRing(Report report) throws RingBuilderException {
    Path ring = BuilderFile.ringPath(file);
    Paint paint = report.paint();
    RingState state;
    try {
      state = state(ring);
      report.text(
          switch (state) {
            case MISSING ->
                paint.yellow(
                    "Ring file " + ring + " not found, probably it hasn't been written yet");
            case CURRENT -> paint.green("Ring file " + ring + " is up-to-date");
            case OBSOLETE, INVALID -> paint.yellow("Ring file " + ring + " is obsolete");
          });
    } catch (RingFileException e) {
      state = RingState.INVALID;
      report.text(paint.red("Ring file " + ring + " is invalid: " + e.getMessage()));
    }
    report.json().putObject("ring").put("file", ring.toString()).put("state", state.word);
    return state;
  }

  private RingState state(Path ring) throws RingFileException, RingBuilderException {
    if (!Files.exists(ring)) {
      return RingState.MISSING;
    }
    Ring written = RingFile.read(ring);
    boolean same =
        builder.everRebalanced()
            && written.devices().equals(builder.devices())
            && written.placesAs(builder.toRing());
    return same ? RingState.CURRENT : RingState.OBSOLETE;
  }

  private void next(Report report, RingState state) {
    if (builder.devices().isEmpty()) {
      report.text("There are no devices in this ring, or all devices have been deleted");
      report.next("martlet ring-builder %s add r1z1-10.0.0.1:6200/sdb 100 for each device", file);
    } else if (!builder.everRebalanced()) {
      report.next("martlet ring-builder %s rebalance", file);
    } else if (builder.devicesChanged()) {
      report.next(
          "devices were changed: martlet ring-builder %s rebalance (or plan, to see first what"
              + " would move)",
          file);
    } else if (state != RingState.CURRENT) {
      report.next("martlet ring-builder %s write_ring", file);
    }
  }
}
