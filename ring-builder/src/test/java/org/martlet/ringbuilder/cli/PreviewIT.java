package org.martlet.ringbuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What shows moves without making them: `plan`, `rebalance --dry-run` and `analyze`.
class PreviewIT {
  private static final String SCENARIO =
      """
      {"part_power": 8, "replicas": 3, "overload": 0.1, "random_seed": 203488,
       "rounds": [
        [["add", "r1z1-10.0.0.1:6200/sda", 100], ["add", "r1z2-10.0.0.2:6200/sda", 100],
         ["add", "r1z3-10.0.0.3:6200/sda", 100], ["add", "r1z4-10.0.0.4:6200/s<a", 100]],
        [["add", "z5-10.0.0.5:6200/sda", 50]],
        [["set_weight", 4, 100], ["set_overload", 0.2]],
        [["remove", "z1"]],
        [["set_weight", "d3", 0], ["set_replicas", 2]]]}
      """;

  @TempDir Path directory;
  private Path builder;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private record Outcome(int code, String out, String err) {}

  @BeforeEach
  void fiveDevicesWhereThereWereFour() {
    builder = directory.resolve("object.builder");
    run("create", "8", "3", "1");
    for (int zone = 1; zone <= 4; zone++) {
      run("add", "r1z" + zone + "-127.0.0.1:620" + zone + "/d" + zone, "100");
    }
    run("rebalance", "1");
    run("add", "r1z5-127.0.0.1:6205/d5", "100");
    now = now.plus(Duration.ofHours(2));
  }

  @Test
  void aPlanShowsWhatWouldMoveAndWritesNothing() throws IOException {
    String before = everyFile();
    Outcome plan = run("plan", "--seed", "5");
    assertThat(plan.code()).isZero();
    assertThat(plan.out())
        .contains("Would move 153 of 768 replicas (19.92% of the data) in 153 partitions.")
        .contains("the fewest possible are 153 (0 above); 0 are left")
        .contains("Balance 100.00 -> 0.39, dispersion 0.00 -> 0.00.")
        .contains("1 replicas move at once in       153 partitions (59.77%)")
        .containsPattern("39  r1z\\d -> r1z5")
        .contains("153  r1 -> r1")
        .contains("rebalance --seed 5");
    assertThat(run("rebalance", "--dry-run", "5").out()).isEqualTo(plan.out());
    assertThat(everyFile()).isEqualTo(before);
  }

  @Test
  void theSameSeedThenMakesTheMovesThatWerePlanned() {
    JsonNode plan = json(run("plan", "--json", "-s", "9"));
    JsonNode made = json(run("apply", "--json", "-s", "9"));

    assertThat(plan.path("written").asBoolean()).isFalse();
    assertThat(made.path("written").asBoolean()).isTrue();
    assertThat(made.path("tiers")).isEqualTo(plan.path("tiers"));
    assertThat(made.path("moved_replicas").asInt()).isEqualTo(153);
    assertThat(made.path("above_fewest").asInt()).isZero();
    assertThat(made.path("partitions_by_replicas_moving_at_once").toString())
        .isEqualTo("[103,153,0,0]");
    JsonNode zones = made.path("tiers").path("zone");
    assertThat(zones.path("domains").path(4).toString())
        .isEqualTo("{\"name\":\"r1z5\",\"arriving\":153,\"leaving\":0,\"inside\":0}");
    JsonNode again = json(run("rebalance", "--json"));
    assertThat(again.path("written").asBoolean()).isFalse();
    assertThat(again.path("warnings").path(0).asString()).contains("No partitions");
  }

  @Test
  void aPlanOfALostDeviceSaysThatMoreReplicasMoveAtOnce() {
    run("rebalance", "1");
    run("remove", "d1");
    run("remove", "d2");
    JsonNode plan = json(run("plan", "--json"));
    assertThat(plan.path("removed_devices").asInt()).isEqualTo(2);
    assertThat(plan.path("partitions_by_replicas_moving_at_once").path(2).asInt()).isPositive();
    assertThat(run("plan").out()).contains("they come off removed devices");
  }

  @Test
  void aScenarioIsPlayedRoundByRound() throws IOException {
    Path scenario = Files.writeString(directory.resolve("scenario.json"), SCENARIO);
    String before = everyFile();
    Outcome text = execute("analyze", scenario.toString());
    assertThat(text.code()).isZero();
    assertThat(text.out())
        .contains("Round 1: add r1z1-10.0.0.1:6200/sda 100, ")
        .contains(" and 1 more; 4 devices")
        .contains("\tRebalance 1: moved 768 replicas (100.00% of the data)")
        .contains("Round 5: set_weight d3 0, set_replicas 2; 4 devices");
    JsonNode rounds = json(execute("analyze", scenario.toString(), "--json")).path("rounds");
    assertThat(rounds.size()).isEqualTo(5);
    for (JsonNode round : rounds) {
      JsonNode last = round.path("rebalances").path(round.path("rebalances").size() - 1);
      assertThat(last.path("left").asInt()).isZero();
    }
    assertThat(execute("analyze", scenario.toString(), "--check").out()).isEmpty();
    assertThat(everyFile()).isEqualTo(before);
  }

  @Test
  void aScenarioHasAPageThatNeedsNothingElse() throws IOException {
    Path scenario = Files.writeString(directory.resolve("s&cenario.json"), SCENARIO);
    Path page = directory.resolve("page.html");
    assertThat(execute("analyze", scenario.toString(), "--html", page.toString()).code()).isZero();
    assertThat(Files.readString(page))
        .startsWith("<!DOCTYPE html>")
        .endsWith("</html>\n")
        .contains("<h1>s&amp;cenario.json</h1>", "<svg", "add r1z1-10.0.0.1:6200/sda 100")
        .doesNotContain("<script", "http", "NaN", "Infinity");
  }

  @Test
  void aScenarioMayBeginWithABuilder() throws IOException {
    Path scenario =
        Files.writeString(
            directory.resolve("scenario.json"), "{\"rounds\": [[], [[\"remove\", 0]]]}");
    JsonNode rounds = json(run("analyze", scenario.toString(), "--json")).path("rounds");
    assertThat(rounds.path(0).path("rebalances").path(0).path("moved_replicas").asInt())
        .isEqualTo(153);
    assertThat(rounds.path(1).path("devices").asInt()).isEqualTo(4);
  }

  @Test
  void aWrongScenarioIsRefusedWithThePlaceOfTheFault() throws IOException {
    refused("[", "not JSON");
    refused("[]", "not a JSON object");
    refused("{\"part_power\": 8}", "replicas is missing");
    refused(SCENARIO.replace("\"rounds\"", "\"r\""), "rounds is not a list");
    refused(SCENARIO.replace("\"remove\"", "\"save\""), "round 4, command 1: unknown command");
    refused(SCENARIO.replace("[\"remove\", \"z1\"]", "[\"remove\"]"), "remove takes 1 values");
    refused(SCENARIO.replace("[\"remove\", \"z1\"]", "7"), "round 4, command 1");
    refused(SCENARIO.replace("\"z1\"", "\"z9\""), "round 4, remove z9: no device matches");
    refused(SCENARIO.replace("\"z1\"", "\"!\""), "invalid search value");
    refused(SCENARIO.replace("\"z5-10", "\"q5-10"), "round 2, command 1: invalid device");
    refused(SCENARIO.replace("8, \"rep", "80, \"rep"), "part power");
    assertThat(run("analyze", directory.resolve("scenario.json").toString()).err())
        .contains("part_power is the builder's");
  }

  private void refused(String content, String why) throws IOException {
    Path scenario = Files.writeString(directory.resolve("scenario.json"), content);
    Outcome outcome = execute("analyze", scenario.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(why).hasLineCount(1);
  }

  /// Names, sizes and times of all files but the lock.
  private String everyFile() throws IOException {
    try (var files = Files.walk(directory)) {
      return files
          .filter(file -> Files.isRegularFile(file) && !file.toString().endsWith(".lock"))
          .map(file -> file + " " + file.toFile().length() + " " + file.toFile().lastModified())
          .sorted()
          .collect(Collectors.joining("\n"));
    }
  }

  private static JsonNode json(Outcome outcome) {
    return new JsonMapper().readTree(outcome.out());
  }

  private Outcome run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(builder.toString()));
    all.addAll(List.of(arguments));
    return execute(all.toArray(String[]::new));
  }

  private Outcome execute(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new RingBuilderCommand(() -> now, InputStream.nullInputStream()))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Outcome(code, out.toString(), err.toString());
  }
}
