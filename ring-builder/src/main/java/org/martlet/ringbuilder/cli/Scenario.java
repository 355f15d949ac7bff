package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Rounds of changes to a ring, as a file for `swift-ring-builder-analyzer` lists them.
///
/// JSON: `part_power`, `replicas`, `overload`, `random_seed` and `rounds`, each a list of
/// commands: `["add", device, weight]`, `["remove", device]`, `["set_weight", device, weight]`.
/// Existing devices are given by id, or here also by a search value that matches one or more.
/// Beyond Swift's there are `["set_overload", fraction]` and `["set_replicas", count]`. `save` is
/// refused: an analysis writes nothing.
///
/// @param start the builder before the first round; not to be changed
record Scenario(RingBuilder start, long seed, List<List<Change>> rounds) {
  private static final long MAX_BYTES = 64L << 20;

  /// One command of a round.
  ///
  /// @param text as it is shown
  /// @param action what it does
  record Change(String text, Action action) {}

  /// Changes a builder.
  interface Action {
    void apply(RingBuilder builder) throws CliException, RingBuilderException;
  }

  /// Reads a scenario.
  ///
  /// @param builder where it begins, or null if it says so itself
  static Scenario read(Path file, @Nullable RingBuilder builder)
      throws CliException, RingBuilderException, IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new CliException(file + ": too large for a scenario");
    }
    JsonNode root;
    try {
      root = new JsonMapper().readTree(Files.readString(file));
    } catch (JacksonException e) {
      throw new CliException(file + ": not JSON: " + e.getOriginalMessage());
    }
    if (!root.isObject()) {
      throw new CliException(file + ": not a JSON object");
    }
    try {
      return parse(root, builder);
    } catch (CliException | RingBuilderException e) {
      throw new CliException(file + ": " + e.getMessage());
    }
  }

  private static Scenario parse(JsonNode root, @Nullable RingBuilder builder)
      throws CliException, RingBuilderException {
    if (builder != null && root.has("part_power")) {
      throw new CliException("part_power is the builder's: leave it out, or name no builder");
    }
    RingBuilder start =
        builder != null
            ? builder.copy()
            : RingBuilder.create((int) number(root, "part_power"), number(root, "replicas"), 1);
    if (builder != null && root.has("replicas")) {
      start.setReplicas(number(root, "replicas"));
    }
    if (builder == null || root.has("overload")) {
      start.setOverload(number(root, "overload"));
    }
    JsonNode rounds = root.path("rounds");
    if (!rounds.isArray() || rounds.isEmpty()) {
      throw new CliException("rounds is not a list of rounds");
    }
    List<List<Change>> parsed = new ArrayList<>();
    for (int round = 0; round < rounds.size(); round++) {
      parsed.add(round(rounds.get(round), round + 1));
    }
    long seed = builder == null || root.has("random_seed") ? (long) number(root, "random_seed") : 1;
    return new Scenario(start, seed, List.copyOf(parsed));
  }

  private static double number(JsonNode root, String key) throws CliException {
    JsonNode node = root.path(key);
    if (!node.isNumber()) {
      throw new CliException(key + " is missing or not a number");
    }
    return node.doubleValue();
  }

  private static List<Change> round(JsonNode commands, int number) throws CliException {
    if (!commands.isArray()) {
      throw new CliException("round " + number + " is not a list of commands");
    }
    List<Change> changes = new ArrayList<>();
    for (int n = 0; n < commands.size(); n++) {
      try {
        changes.add(change(commands.get(n)));
      } catch (CliException e) {
        throw new CliException("round %d, command %d: %s".formatted(number, n + 1, e.getMessage()));
      }
    }
    return List.copyOf(changes);
  }

  private static Change change(JsonNode command) throws CliException {
    String name = command.path(0).asString("");
    int length =
        switch (name) {
          case "add", "set_weight" -> 3;
          case "remove", "set_overload", "set_replicas" -> 2;
          default ->
              throw new CliException(
                  "unknown command %s: there are add, remove, set_weight, set_overload and"
                          .formatted(command.path(0))
                      + " set_replicas");
        };
    if (!command.isArray() || command.size() != length) {
      throw new CliException(name + " takes " + (length - 1) + " values");
    }
    String what = command.get(1).asString("");
    String last = command.get(length - 1).asString("");
    String text = length == 3 ? name + " " + what + " " + last : name + " " + what;
    return new Change(text, action(name, what, last));
  }

  private static Action action(String name, String what, String last) throws CliException {
    return switch (name) {
      case "add" -> {
        RingDevice device = DeviceNotation.parse(what, last).device();
        yield builder -> builder.add(device);
      }
      case "remove" ->
          builder -> {
            for (RingDevice device : find(builder, what)) {
              builder.remove(device.id());
            }
          };
      case "set_weight" -> {
        double weight = DeviceNotation.number("weight", last);
        yield builder -> {
          for (RingDevice device : find(builder, what)) {
            builder.setWeight(device.id(), weight);
          }
        };
      }
      case "set_overload" -> {
        double overload = DeviceNotation.number("overload", last);
        yield builder -> builder.setOverload(overload);
      }
      default -> {
        double replicas = DeviceNotation.number("replica count", last);
        yield builder -> builder.setReplicas(replicas);
      }
    };
  }

  private static List<RingDevice> find(RingBuilder builder, String what) throws CliException {
    List<RingDevice> found =
        what.matches("\\d{1,9}")
            ? builder.devices().stream()
                .filter(device -> device.id().equals(new DeviceId(Integer.parseInt(what))))
                .toList()
            : DeviceSearch.parse(what).find(builder.devices());
    if (found.isEmpty()) {
      throw new CliException("no device matches " + what);
    }
    return found;
  }
}
