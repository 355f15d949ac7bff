package org.martlet.ringbuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What Swift's own tool (Debian package `swift`) prints on standard output, line by line, and what
/// ours does: the same, but for lines that ours has more. The cluster is one where every
/// assignment that meets its quotas has the same counts.
class SwiftWordsIT {
  private static final Path SWIFT = Path.of("/usr/bin/swift-ring-builder");

  /// Lines of ours that Swift's tool does not have; `docs/ring.md` names them.
  private static final Pattern OURS_ALONE =
      Pattern.compile(
          "Next: .*|.* created|.* is valid|.* written|Moves \\d+ replicas, .*|Every partition may"
              + " move .*");

  private static final String SESSION =
      """
      create 8 3 1

      add r1z1-10.0.0.1:6200/sda 100
      add r1z2-10.0.0.2:6200R10.1.0.2:6300/sda_rack-7 100 z3-[2001:DB8::3]:6200/sda 100
      add --region 1 --zone 4 --ip 10.0.0.4 --port 6200 --device sda --weight 100 --meta slow

      search z1
      rebalance 1

      rebalance 1
      search r1
      search --weight 100 --zone 2
      search :6200
      search _rack
      dispersion
      dispersion -v
      dispersion r\\d+z\\d+$ -v
      validate
      write_ring
      set_weight d0 80.5
      set_weight z1 100 d1 250000
      set_weight --zone 3 --yes 90
      set_weight r1 100
      set_weight r1 100 --yes
      set_info d1 10.0.0.22:6222R10.1.0.22:6322/sdz_moved
      set_info --ip 10.0.0.4 --change-ip 10.0.0.5 --change-port 6201 --change-replication-ip 10.1.0.5 --change-replication-port 6301 --change-device sdq --change-meta hello

      set_region d3 2
      set_region --id 3 1
      set_zone --device sdq 9
      remove d3

      set_min_part_hours 100

      set_overload 10%
      set_overload 2
      set_overload 0.1
      set_replicas 2.5
      pretend_min_part_hours_passed
      """;

  /// Refused by both, with exit code 2: in Swift's words there, in one line on standard error here.
  private static final String REFUSED =
      """
      add r1z1-10.0.0.1:6200/sda 100
      add rubbish 100
      add r1z1-10.0.0.9:6200/sda
      add --region 1 --zone 1
      search z99
      search --region 7
      search r1 --zone 1
      search rubbish
      list_parts z99
      list_parts d0
      validate
      set_weight d0
      set_weight d0 x
      set_weight d99 1
      set_info d0 frob
      set_info d1 10.0.0.1:6200/sda
      set_region d0 x
      set_zone d99 1
      remove z99
      remove
      set_overload -1
      set_overload x
      set_replicas 0
      dispersion
      write_builder
      frobnicate
      """;

  @TempDir Path swifts;
  @TempDir Path ours;

  private record Outcome(int code, String out, String err) {}

  @Test
  void whatSwiftsToolSaysIsSaidHereToo() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(SWIFT), "skipped: swift-ring-builder is not installed");
    for (String line : SESSION.lines().toList()) {
      Outcome swift = runSwift(line);
      Outcome mine = runOurs(line);
      assertThat(mine.code()).as(line).isEqualTo(swift.code());
      assertThat(said(mine, ours)).as(line).isEqualTo(said(swift, swifts));
    }
  }

  @Test
  void whatSwiftsToolRefusesIsRefusedHereInOneLine() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(SWIFT), "skipped: swift-ring-builder is not installed");
    for (String line : SESSION.lines().limit(4).toList()) {
      runSwift(line);
      runOurs(line);
    }
    for (String line : REFUSED.lines().toList()) {
      assertThat(runSwift(line).code()).as("Swift's: " + line).isEqualTo(ExitCode.ERROR);
      Outcome mine = runOurs(line);
      assertThat(mine.code()).as(line).isEqualTo(ExitCode.ERROR);
      assertThat(mine.out()).as(line).isEmpty();
      assertThat(mine.err()).as(line).hasLineCount(1);
    }
  }

  private static List<String> said(Outcome outcome, Path directory) {
    return outcome
        .out()
        .replace(directory + "/", "")
        .replaceAll("build version \\d+, id [0-9a-f]{32}", "build version N, id ID")
        .replaceAll(" +[0-9.]+( +\\d+ +999.99 +DEL )", " WEIGHT$1")
        .replaceAll("\\d+:\\d\\d:\\d\\d remaining", "TIME remaining")
        .lines()
        .map(String::stripTrailing)
        .filter(line -> !OURS_ALONE.matcher(line).matches())
        .toList();
  }

  private static List<String> words(String line) {
    return line.isEmpty() ? List.of() : List.of(line.split(" "));
  }

  private Outcome runOurs(String line) {
    List<String> all = new ArrayList<>(List.of(ours.resolve("object.builder").toString()));
    all.addAll(words(line));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(
                new RingBuilderCommand(
                    InstantSource.system(),
                    new ByteArrayInputStream("y\n".getBytes(StandardCharsets.US_ASCII))))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
            .execute(all.toArray(String[]::new));
    return new Outcome(code, out.toString(), err.toString());
  }

  private Outcome runSwift(String line) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(SWIFT.toString(), "object.builder"));
    command.addAll(words(line));
    Path answers = Files.writeString(swifts.resolve("answers"), "y\n");
    Path out = swifts.resolve("out");
    int code =
        new ProcessBuilder(command)
            .directory(swifts.toFile())
            .redirectInput(answers.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(out.toFile())
            .start()
            .waitFor();
    return new Outcome(code, Files.readString(out), "");
  }
}
