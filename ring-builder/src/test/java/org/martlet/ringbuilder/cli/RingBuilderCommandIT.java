package org.martlet.ringbuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.model.PartitionId;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingFile;
import org.martlet.ringbuilder.file.BuilderFile;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RingBuilderCommandIT {
  @TempDir Path directory;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private record Outcome(int code, String out, String err) {}

  @Test
  void aRingIsMadeInThreeCommands() throws IOException {
    Outcome created = run("create", "8", "3", "1");
    assertThat(created.code()).isZero();
    for (int zone = 1; zone <= 4; zone++) {
      Outcome added = run("add", "r1z" + zone + "-127.0.0.1:620" + zone + "/d" + zone, "100");
      assertThat(added.out())
          .isEqualToIgnoringNewLines(
              "Device d%d".formatted(zone - 1)
                  + "r1z%d-127.0.0.1:620%d".formatted(zone, zone)
                  + "R127.0.0.1:620%d/d%d_\"\" with 100.0 weight got id %d"
                      .formatted(zone, zone, zone - 1)
                  + "Next: when all devices are added: martlet ring-builder "
                  + directory.resolve("object.builder")
                  + " rebalance");
    }
    Outcome rebalanced = run("rebalance", "--seed", "7");
    assertThat(rebalanced.code()).isZero();
    assertThat(rebalanced.out())
        .isEqualToIgnoringNewLines(
            "Reassigned 768 (300.00%) partitions. Balance is now 0.00.  Dispersion is now 0.00\n"
                + "Moves 768 replicas, the fewest possible are 768 (0 above); 0 are left for later"
                + " rebalances.\n"
                + "Next: martlet ring push "
                + directory.resolve("object.ring.gz")
                + " (or copy it to every server)");

    Ring ring = RingFile.read(directory.resolve("object.ring.gz"));
    assertThat(ring.partitionCount()).isEqualTo(256);
    assertThat(ring.replicaCount()).isEqualTo(3);
    assertThat(ring.version()).isEqualTo(5);
    assertThat(run("validate").code()).isZero();
    try (var backups = Files.list(directory.resolve("backups"))) {
      assertThat(backups.map(file -> file.getFileName().toString()))
          .contains(
              now.getEpochSecond() + ".object.ring.gz", now.getEpochSecond() + ".object.builder");
    }
  }

  @Test
  void withoutACommandTheBuilderIsShown() {
    fourDevices();
    Outcome before = run();
    assertThat(before.out()).contains("Ring file").contains("not found").contains("-100.00");
    run("rebalance", "1");
    run("remove", "d3");
    Outcome shown = run();

    assertThat(shown.code()).isZero();
    assertThat(shown.out())
        .contains("object.builder, build version 6, id ")
        .contains("256 partitions, 3.000000 replicas, 1 regions, 4 zones, 4 devices, ")
        .contains("before a partition can be reassigned is 1 (1:00:00 remaining)")
        .contains("The overload factor is 0.00% (0.000000)")
        .contains("object.ring.gz is up-to-date")
        .contains("Devices:   id region zone ip address:port ")
        .containsPattern(
            "\n +3 +1 +4 +127.0.0.1:6204 +127.0.0.1:6204 +d4 100.00 +192 +999.99 +DEL");
  }

  @Test
  void aSecondRebalanceIsRefusedWithAWarning() {
    fourDevices();
    run("rebalance", "1");
    Outcome again = run("rebalance", "2");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.out())
        .contains("No partitions could be reassigned.")
        .contains("at least min_part_hours: 1 hours (1:00:00 remaining)");
    now = now.plus(Duration.ofHours(1));
    assertThat(run("rebalance").out()).contains("There is no need to do so at this time");
    assertThat(run("rebalance", "--force").code()).isZero();
  }

  @Test
  void thePartitionPowerIsIncreasedOncePerRingThatIsWritten() {
    fourDevices();
    refused("rebalance the ring first", "increase_partition_power");
    run("rebalance", "1");
    assertThat(run("increase_partition_power").code()).isZero();
    assertThat(run("finish_increase_partition_power").code()).isZero();
    refused("power 8, the builder's partition power is 9", "increase_partition_power");
    run("write_ring");
    assertThat(run("increase_partition_power").out()).contains("power is now 10");
  }

  @Test
  void aFormatThatIsNoneChangesNothing() throws IOException {
    fourDevices();
    Path file = directory.resolve("object.builder");
    byte[] before = Files.readAllBytes(file);
    refused("format", "rebalance", "--format-version", "3");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThat(directory.resolve("object.ring.gz")).doesNotExist();
  }

  /// The disk was full after the builder had been saved.
  @Test
  void aRingThatCouldNotBeWrittenIsWrittenByTheNextRebalance() throws IOException {
    fourDevices();
    Path file = directory.resolve("object.ring.gz");
    Files.createDirectories(file.resolve("in the way"));
    assertThat(run("rebalance", "1").code()).isEqualTo(2);
    Files.delete(file.resolve("in the way"));
    Files.delete(file);

    Outcome again = run("rebalance", "2");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.out()).contains("missing or obsolete");
    assertThat(RingFile.read(file).version()).isEqualTo(5);
    assertThat(run().out()).contains("up-to-date");
    assertThat(run("rebalance", "3").out()).doesNotContain("missing or obsolete");
  }

  @Test
  void aFewMoreReplicasAreSavedHoweverFew() {
    fourDevices();
    run("rebalance", "1");
    now = now.plus(Duration.ofHours(2));
    run("set_replicas", "3.02");
    Outcome more = run("rebalance", "2");
    assertThat(more.out()).contains("Reassigned 6 ").doesNotContain("Cowardly");
    assertThat(more.code()).isZero();
    run("set_replicas", "3.021");
    assertThat(run().out()).contains("up-to-date");
  }

  @Test
  void theSameSeedWritesTheSameRingFile() throws IOException {
    fourDevices();
    Files.copy(directory.resolve("object.builder"), directory.resolve("copy.builder"));
    run("rebalance", "--seed", "blue");
    Path ring = directory.resolve("object.ring.gz");
    byte[] first = Files.readAllBytes(ring);
    Files.move(
        directory.resolve("copy.builder"),
        directory.resolve("object.builder"),
        StandardCopyOption.REPLACE_EXISTING);
    run("rebalance", "blue");
    assertThat(Files.readAllBytes(ring)).isEqualTo(first);
  }

  @Test
  void devicesAreChangedAndRemoved() throws IOException {
    fourDevices();
    run(
        "add",
        "--region",
        "2",
        "--zone",
        "1",
        "--ip",
        "NODE9",
        "-p",
        "6200",
        "-d",
        "sdb",
        "-w",
        "50");
    run("rebalance", "1");
    assertThat(run("set_weight", "d0", "200").out()).contains("weight set to 200.0");
    assertThat(run("set_weight", "--ip", "node9", "75").code()).isZero();
    assertThat(run("set_info", "d4", "[::2]:6300R10.0.0.2:6400/sdc_new").out())
        .contains("is now d4r2z1-[::2]:6300R10.0.0.2:6400/sdc_\"new\"");
    assertThat(run("remove", "z2").code()).isZero();
    now = now.plus(Duration.ofHours(2));
    Outcome rebalanced = run("rebalance", "2");

    assertThat(rebalanced.code()).isLessThan(2);
    Ring ring = RingFile.read(directory.resolve("object.ring.gz"));
    assertThat(ring.devices()).extracting(d -> d.id().value()).containsExactly(0, 2, 3, 4);
    assertThat(ring.devices().get(3).weight()).isEqualTo(75);
    assertThat(run("search", "_new").out()).containsPattern(" ::2 +6300 .* new");
    assertThat(run("list_parts", "d4").out()).startsWith("Partition   Matches");
    assertThat(run("remove", "r1").code()).as("asks, and is not answered").isEqualTo(2);
    assertThat(run("remove", "r1", "--yes").code()).isZero();
  }

  @Test
  void optionsFindDevicesAndSayWhatChanges() {
    fourDevices();
    Outcome changed =
        run("set_info", "--zone", "2", "--change-ip", "::9", "--change-meta", "new rack");
    assertThat(changed.code()).isZero();
    assertThat(changed.out())
        .contains("is now d1r1z2-[::9]:6202R127.0.0.1:6202/d2_\"new rack\"")
        .contains("Next: martlet ring-builder ", " write_ring");
    assertThat(run("set_weight", "--region", "1", "--yes", "80").out())
        .contains("Matched more than one device:", "d4_\"\" weight set to 80.0");
    refused("aborted; the builder file is unchanged", "set_weight", "--region", "1", "70");
    refused("no device matches zone 9", "set_info", "--zone", "9", "--change-port", "7");
    refused("give what changes: --change-ip", "set_info", "--zone", "2");
    refused("options that find devices", "set_info", "d1", ":7", "--change-port", "7");
    assertThat(run("search", "--weight", "80").out().lines()).hasSize(5);
  }

  @Test
  void aRebalanceShowsWhatEachDeviceGetsOnDemand() {
    fourDevices();
    assertThat(run("rebalance", "1", "--debug").out())
        .contains("DEBUG: seed 1, overload 0.000000 of 0.000000 required")
        .containsPattern("DEBUG: device 3: 0 -> 192 replicas, balance 0.00");
  }

  @Test
  void theTableOfDevicesAndWhatComesNextAreThereForPrograms() {
    fourDevices();
    JsonNode shown = new JsonMapper().readTree(run("--json").out());
    assertThat(shown.path("partitions").asInt()).isEqualTo(256);
    assertThat(shown.path("ring").path("state").asString()).isEqualTo("missing");
    assertThat(shown.path("devices").size()).isEqualTo(4);
    JsonNode added = new JsonMapper().readTree(run("--json", "rebalance", "1").out());
    assertThat(added.path("written").asBoolean()).isTrue();
    assertThat(added.path("next").asString()).startsWith("martlet ring push ");
    assertThat(added.path("warnings").isEmpty()).isTrue();
  }

  @Test
  void coloursAreShownWhereTheyAreWantedOnly() {
    fourDevices();
    assertThat(run().out()).doesNotContain("\u001b[");
    StringWriter out = new StringWriter();
    CommandLine command =
        new CommandLine(new RingBuilderCommand(() -> now, InputStream.nullInputStream()));
    command.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.ON));
    command.setOut(new PrintWriter(out)).execute(directory.resolve("object.builder").toString());
    assertThat(out.toString()).contains("\u001b[1m");
  }

  @Test
  void theNumbersOfABuilderAreChanged() {
    fourDevices();
    assertThat(run("set_min_part_hours", "3").out()).contains("now set to 3");
    assertThat(run("set_replicas", "2.5").out()).contains("is now 2.500000");
    assertThat(run("set_overload", "10%").out()).contains("10.00% (0.100000)");
    assertThat(run("set_overload", "2").code()).isEqualTo(1);
    assertThat(run("rebalance", "1").out()).contains("Reassigned 640 (250.00%)");
    assertThat(run("pretend_min_part_hours_passed").code()).isZero();
    assertThat(run().out()).contains("is 3 (0:00:00 remaining)");
  }

  @Test
  void aRingFileStandsForItsBuilder() throws IOException {
    fourDevices();
    run("rebalance", "1");
    Path ring = directory.resolve("object.ring.gz");
    assertThat(runWith(ring, "set_weight", "d0", "50").out()).contains("Note: using");

    Files.delete(directory.resolve("object.builder"));
    assertThat(runWith(ring, "write_builder", "12").code()).isZero();
    assertThat(run().out()).contains("reassigned is 12 ").contains("up-to-date");
    assertThat(runWith(ring, "write_builder").err()).contains("refusing to overwrite");
    Files.delete(ring);
    assertThat(run("write_ring").code()).isZero();
    assertThat(ring).exists();
  }

  @Test
  void theSpreadIsShownByTier() {
    fourDevices();
    refused("never rebalanced", "dispersion");
    run("rebalance", "1");
    Outcome all = run("dispersion", "-v");
    assertThat(all.code()).isZero();
    assertThat(all.out())
        .contains("Dispersion is 0.000000, Balance is 0.000000, Overload is 0.00%")
        .containsPattern("(?m)^r1 +768 +0\\.00 +3 +0 +0 +0 +256$")
        .containsPattern("(?m)^r1z4-127\\.0\\.0\\.1/d4 +192 +0\\.00 +1 +64 +192 +0 +0$");
    assertThat(run("dispersion", "r\\d+z\\d+$", "-v").out().lines()).hasSize(5 + 4);
    assertThat(run("dispersion", "--json").out()).contains("\"worst_tier\" : null");
    refused("invalid filter", "dispersion", "[");
  }

  @Test
  void thePartitionPowerIsIncreasedInOneStepWithoutAMove() throws IOException {
    fourDevices();
    run("rebalance", "1");
    Ring before = RingFile.read(directory.resolve("object.ring.gz"));
    assertThat(run("increase_partition_power").out()).contains("power is now 9");
    run("write_ring");
    Ring after = RingFile.read(directory.resolve("object.ring.gz"));
    assertThat(after.version()).isEqualTo(before.version() + 1);
    for (int part = 0; part < 512; part++) {
      assertThat(after.primaries(new PartitionId(part)))
          .isEqualTo(before.primaries(new PartitionId(part / 2)));
    }
    refused("finish_increase_partition_power", "rebalance");
    assertThat(run("finish_increase_partition_power").code()).isZero();
    assertThat(run("rebalance", "2").code()).as("nothing moves").isEqualTo(1);
    Path other = directory.resolve("account.builder");
    runWith(other, "create", "4", "1", "1");
    assertThat(runWith(other, "increase_partition_power").err()).contains("only supported for");
  }

  @Test
  void aStepOfAnIncreaseThatIsRepeatedOrOutOfOrderIsRefused() throws IOException {
    fourDevices();
    run("rebalance", "1");
    refused("nothing to finish", "finish_increase_partition_power");
    refused("nothing to cancel", "cancel_increase_partition_power");
    assertThat(run("prepare_increase_partition_power").out()).contains("power is now 9");
    refused("already prepared", "prepare_increase_partition_power");
    refused("prepared", "rebalance", "2");
    refused("prepared", "remove", "d0");
    refused("not increased yet", "finish_increase_partition_power");
    run("write_ring");
    assertThat(RingFile.read(directory.resolve("object.ring.gz")).nextPartPower()).hasValue(9);
    assertThat(run("increase_partition_power").code()).isZero();
    refused("not finished", "increase_partition_power");
    refused("not finished", "prepare_increase_partition_power");
    refused("nothing to cancel", "cancel_increase_partition_power");
    run("write_ring");
    assertThat(RingFile.read(directory.resolve("object.ring.gz")).partPower()).isEqualTo(9);
    assertThat(run("finish_increase_partition_power").code()).isZero();
    run("write_ring");
    assertThat(RingFile.read(directory.resolve("object.ring.gz")).nextPartPower()).isEmpty();
    assertThat(run("prepare_increase_partition_power").code()).isZero();
    assertThat(run("cancel_increase_partition_power").code()).isZero();
    refused("not finished", "increase_partition_power");
    assertThat(run("finish_increase_partition_power").code()).isZero();
    assertThat(run("increase_partition_power").out()).contains("power is now 10");
  }

  @Test
  void whatIsListedIsAlsoThereForPrograms() {
    fourDevices();
    run("rebalance", "1");
    assertThat(run("version").out()).contains("object.builder: build version 5");
    assertThat(run("search", "z2", "--json").out())
        .contains("\"device\" : \"d2\"", "\"partitions\" : 192", "\"removed\" : false")
        .doesNotContain("d3");
    assertThat(run("list_parts", "z2", "--json").out()).startsWith("{").contains("\" : 1,");
  }

  @Test
  void aSearchThatFindsNothingSaysWhatItWasTakenFor() {
    fourDevices();
    refused("that is device id 4 (the device with the name d4 is /d4)", "set_weight", "d4", "1");
    run("add", "r1z9-127.0.0.1:6209/sdx", "1");
    refused("\"sdx\" (the device with the name sdx is /sdx)", "set_weight", "sdx", "1");
    refused("that is region 7, address 10.0.0.9", "set_zone", "r7-10.0.0.9", "1");
  }

  @Test
  void everyErrorIsOneLineAndChangesNothing() throws IOException {
    fourDevices();
    Path file = directory.resolve("object.builder");
    byte[] before = Files.readAllBytes(file);
    refused("already uses", "add", "r1z1-127.0.0.1:6202/d2", "1");
    refused("it should read", "add", "rubbish", "1");
    refused("pairs", "add", "r1z1-127.0.0.1:6209/d2");
    refused("--ip is missing", "add", "--region", "1", "--zone", "1");
    refused("no device matches", "remove", "d9");
    refused("invalid search value", "remove", "frob");
    refused("either search values", "remove");
    refused("exists already", "create", "8", "3", "1");
    refused("rebalance", "write_ring");
    refused("never rebalanced", "list_parts", "d0");
    refused("rebalance", "validate");
    refused("replica count", "set_replicas", "0");
    refused("not a number", "set_overload", "much");
    refused("not a number", "set_weight", "d0", "much");
    run("set_replicas", "5");
    refused("too few for 5 replicas", "rebalance");
    run("set_replicas", "3");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);

    assertThat(runWith(directory.resolve("none.builder")).err())
        .contains("there is no builder file");
    assertThat(runWith(directory.resolve("no/dir.builder"), "create", "8", "3", "1").err())
        .contains("no directory");
    Files.writeString(file, "rubbish");
    refused("not a builder file", "validate");
  }

  @Test
  void unknownCommandsAndMissingArgumentsAreErrors() {
    fourDevices();
    refused("unknown command: frob", "frob", "now");
    assertThat(run("create", "8").code()).isEqualTo(2);
    assertThat(run("create", "x", "3", "1").code()).isEqualTo(2);
  }

  @Test
  void helpReadsWell() {
    Outcome help = execute(List.of("--help"));
    assertThat(help.code()).isZero();
    assertThat(help.out())
        .contains("martlet ring-builder <builder> <command>")
        .contains("rebalance", "pretend_min_part_hours_passed", "Exit codes");
    assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(execute(List.of()).out()).isEqualTo(help.out());
    assertThat(run("add", "--help").out()).contains("r<region>").contains("--replication-ip");
  }

  @Test
  void twoCommandsDoNotWorkOnOneBuilderAtOnce() throws Exception {
    fourDevices();
    Path file = directory.resolve("object.builder");
    Thread other;
    Outcome[] outcome = new Outcome[1];
    try (BuilderFile held = BuilderFile.open(file)) {
      other = Thread.ofPlatform().start(() -> outcome[0] = run("set_weight", "d0", "7"));
      other.join(Duration.ofMillis(200));
      assertThat(other.isAlive()).as("it waits for the lock").isTrue();
      assertThat(held.load().devices().getFirst().weight()).isEqualTo(100);
    }
    other.join();
    assertThat(outcome[0].code()).isZero();
    assertThat(BuilderFile.read(file).devices().getFirst().weight()).isEqualTo(7);
  }

  private void fourDevices() {
    run("create", "8", "3", "1");
    for (int zone = 1; zone <= 4; zone++) {
      run("add", "r1z" + zone + "-127.0.0.1:620" + zone + "/d" + zone, "100");
    }
  }

  private void refused(String why, String... arguments) {
    Outcome outcome = run(arguments);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(why).hasLineCount(1);
  }

  private Outcome run(String... arguments) {
    return runWith(directory.resolve("object.builder"), arguments);
  }

  private Outcome runWith(Path builder, String... arguments) {
    List<String> all = new ArrayList<>(List.of(builder.toString()));
    all.addAll(List.of(arguments));
    return execute(all);
  }

  private Outcome execute(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new RingBuilderCommand(() -> now, InputStream.nullInputStream()))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments.toArray(String[]::new));
    return new Outcome(code, out.toString(), err.toString());
  }
}
