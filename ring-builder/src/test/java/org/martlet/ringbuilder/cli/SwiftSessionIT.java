package org.martlet.ringbuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingFile;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.file.BuilderFile;
import org.martlet.ringbuilder.file.SwiftBuilderFile;
import picocli.CommandLine;

/// One session of commands, word for word, given to Swift's own tool (Debian package `swift`) and
/// to ours: exit codes and end states are the same.
class SwiftSessionIT {
  private static final Path SWIFT = Path.of("/usr/bin/swift-ring-builder");

  private static final String SESSION =
      """
      create 8 3 1
      add r1z1-10.0.0.1:6200/sda 100
      add r1z1-10.0.0.1:6200/sdb 100 r1z2-10.0.0.2:6200R10.1.0.2:6300/sda_rack-7 100
      add z3-[2001:DB8::3]:6200/sda 100
      add --region 1 --zone 4 --ip 10.0.0.4 --port 6200 --device sda --weight 50 --meta slow
      add r1z4-10.0.0.5:6200/sda 100 r1z5-10.0.0.6:6200/sda 100
      add r1z1-10.0.0.1:6200/sda 100
      search z1
      search z99
      list_parts d0
      rebalance 1
      rebalance 1
      list_parts d0 d1
      set_weight d4 75
      set_weight d99 1
      set_weight r1z1 80 --yes
      set_weight --ip 10.0.0.2 --yes 90
      set_info d2 10.0.0.22:6222R10.1.0.22:6322/sdz_moved
      set_region d6 2
      set_zone d6 1
      set_zone d5 6
      remove d1
      set_min_part_hours 2
      set_overload 10%
      set_overload -1
      set_overload 2
      set_overload 0.1
      set_replicas 2.5
      set_replicas 0
      pretend_min_part_hours_passed
      rebalance --seed 7 --force
      pretend_min_part_hours_passed
      rebalance --seed 8 --force
      pretend_min_part_hours_passed
      rebalance --seed 9 --force
      dispersion
      dispersion r9 -v
      validate
      write_ring
      prepare_increase_partition_power
      increase_partition_power
      frobnicate
      """;

  @TempDir Path swifts;
  @TempDir Path ours;

  @Test
  void aSessionOfSwiftsToolRunsUnchanged()
      throws IOException, InterruptedException, RingBuilderException {
    assumeTrue(Files.isExecutable(SWIFT), "skipped: swift-ring-builder is not installed");
    for (String line : SESSION.lines().toList()) {
      List<String> words = List.of(line.split(" "));
      int swift = runSwift(words);
      // A better spread or balance than Swift's needs no warning.
      boolean mayBeBetter =
          (line.endsWith("--force") || line.equals("dispersion")) && swift == ExitCode.WARNING;
      assertThat(runOurs(words)).as(line).isIn(swift, mayBeBetter ? ExitCode.SUCCESS : swift);
    }
    runSwift(List.of("write_ring"));
    runOurs(List.of("write_ring"));
    Ring theirs = RingFile.read(swifts.resolve("object.ring.gz"));
    Ring mine = RingFile.read(ours.resolve("object.ring.gz"));
    assertThat(mine.devices()).isEqualTo(theirs.devices());
    assertThat(mine.replicaCount()).isEqualTo(theirs.replicaCount());
    assertThat(mine.partPower()).isEqualTo(theirs.partPower()).isEqualTo(9);

    runSwift(List.of("cancel_increase_partition_power"));
    runSwift(List.of("finish_increase_partition_power"));
    RingBuilder swift = SwiftBuilderFile.read(swifts.resolve("object.builder"));
    RingBuilder builder = BuilderFile.read(ours.resolve("object.builder"));
    assertThat(builder.devices()).isEqualTo(swift.devices());
    assertThat(builder.replicas()).isEqualTo(swift.replicas());
    assertThat(builder.minPartHours()).isEqualTo(swift.minPartHours());
    assertThat(builder.overload()).isEqualTo(swift.overload());
    assertThat(builder.balance()).isLessThanOrEqualTo(swift.balance() + 1);
    assertThat(builder.dispersion()).isLessThanOrEqualTo(swift.dispersion() + 1);
  }

  @Test
  void aBuilderThatSwiftMadeGoesOnHere()
      throws IOException, InterruptedException, RingBuilderException {
    assumeTrue(Files.isExecutable(SWIFT), "skipped: swift-ring-builder is not installed");
    SESSION.lines().limit(11).forEach(line -> runSwiftUnchecked(List.of(line.split(" "))));
    Path theirs = swifts.resolve("object.builder");
    assertThat(runOurs(List.of("import", theirs.toString()))).isZero();
    assertThat(runOurs(List.of("write_ring", "--format-version", "2"))).isZero();
    Ring mine = RingFile.read(ours.resolve("object.ring.gz"));
    assertThat(mine.placesAs(RingFile.read(swifts.resolve("object.ring.gz")))).isTrue();
    assertThat(runOurs(List.of("rebalance"))).as("min_part_hours is kept").isEqualTo(1);
    assertThat(runOurs(List.of("import", theirs.toString())))
        .as("nothing overwritten")
        .isEqualTo(2);
  }

  private int runOurs(List<String> words) {
    List<String> all = new ArrayList<>(List.of(ours.resolve("object.builder").toString()));
    all.addAll(words);
    return new CommandLine(
            new RingBuilderCommand(InstantSource.system(), InputStream.nullInputStream()))
        .setOut(new PrintWriter(new StringWriter()))
        .setErr(new PrintWriter(new StringWriter()))
        .execute(all.toArray(String[]::new));
  }

  private void runSwiftUnchecked(List<String> words) {
    try {
      runSwift(words);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("swift-ring-builder did not run", e);
    }
  }

  private int runSwift(List<String> words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(SWIFT.toString(), "object.builder"));
    command.addAll(words);
    return new ProcessBuilder(command)
        .directory(swifts.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
