package org.martlet.role;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.device.DeviceIdentity;
import org.martlet.common.device.LastPass;
import org.martlet.common.device.RejoinRule;
import org.martlet.common.disk.DiskLock;
import org.martlet.common.disk.RealDisk;
import picocli.CommandLine;

class RejoinDeviceCommandTest {
  private static final Instant LONG_AGO = Instant.now().minus(Duration.ofDays(30));

  @TempDir private Path directory;
  private Path d1;
  private Path cluster;
  private final RealDisk disk = new RealDisk();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void makeDevice() throws IOException {
    d1 = Files.createDirectory(directory.resolve("d1"));
    cluster =
        Files.writeString(
            directory.resolve("cluster.toml"),
            "[cluster]\nhash_suffix = \"one\"\nsecret = \"0123456789abcdef\"\n");
    DeviceIdentity.create(disk, d1, ServerFiles.clusterId(cluster), UUID.randomUUID());
    for (String name : List.of("volumes", "blobs", "index", "listings", "quarantine")) {
      Files.createDirectory(d1.resolve(name));
    }
    Files.writeString(d1.resolve("volumes/00000001.vol"), "data");
    Files.writeString(d1.resolve("listings/CURRENT"), "data");
    lastPass("object").write(LONG_AGO);
    lastPass("container").write(LONG_AGO);
  }

  private LastPass lastPass(String service) {
    return new LastPass(disk, d1, service);
  }

  private int rejoin(String... arguments) {
    CommandLine command = new CommandLine(new RejoinDeviceCommand());
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    String[] all =
        Stream.concat(Stream.of("--cluster", cluster.toString()), Stream.of(arguments))
            .toArray(String[]::new);
    return command.execute(all);
  }

  @Test
  void discardMovesTheDataAsideAndTheDeviceIsNotRefusedAnyMore() throws IOException {
    assertThat(rejoin("--discard-stale", d1.toString())).isZero();
    assertThat(d1.resolve("volumes")).doesNotExist();
    assertThat(d1.resolve("listings")).doesNotExist();
    assertThat(d1.resolve("device.json")).exists();
    assertThat(lastPass("object").read()).isEmpty();
    assertThat(lastPass("container").read()).isEmpty();
    try (Stream<Path> found = Files.walk(d1.resolve("quarantine"))) {
      assertThat(found.map(path -> path.getFileName().toString()))
          .contains("00000001.vol", "CURRENT");
    }
    RejoinRule.DEFAULT.check(lastPass("object"), d1, Instant.now());
    assertThat(out.toString()).contains("begins empty").contains("quarantine");
  }

  @Test
  void trustKeepsTheData() throws IOException {
    assertThat(rejoin("--trust", d1.toString())).isZero();
    assertThat(d1.resolve("volumes/00000001.vol")).exists();
    RejoinRule.DEFAULT.check(lastPass("object"), d1, Instant.now());
    RejoinRule.DEFAULT.check(lastPass("container"), d1, Instant.now());
    assertThat(out.toString()).contains("takes part again");
  }

  @Test
  void oneOfTheTwoHasToBeChosen() throws IOException {
    assertThat(rejoin(d1.toString())).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(rejoin("--trust", "--discard-stale", d1.toString()))
        .isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(lastPass("object").read()).contains(LONG_AGO);
    assertThat(err.toString()).contains("--trust").contains("--discard-stale");
  }

  @Test
  void aDeviceThatAServerHasOpenStaysAsItIs() throws IOException {
    for (String lock : List.of("object.lock", "listings/LOCK")) {
      try (DiskLock held = disk.tryLock(d1.resolve(lock)).orElseThrow()) {
        assertThat(held).isNotNull();
        assertThat(rejoin("--discard-stale", d1.toString())).as(lock).isEqualTo(1);
      }
    }
    assertThat(d1.resolve("volumes/00000001.vol")).exists();
    assertThat(lastPass("object").read()).contains(LONG_AGO);
    assertThat(err.toString()).contains("is in use");
  }
}
