package org.martlet.common.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PartitionId;
import org.martlet.common.model.PathHasher;

/// Holds rings against OpenStack Swift's own Ring class, where Debian's python3-swift is
/// installed.
class SwiftRingIT {
  private static final String PYTHON = "/usr/bin/python3";

  @TempDir Path directory;

  @BeforeAll
  static void needsSwift() throws IOException, InterruptedException {
    boolean python = Files.isExecutable(Path.of(PYTHON));
    assumeTrue(
        python && exitCode(List.of(PYTHON, "-c", "import swift.common.ring")) == 0,
        "skipped: python3-swift is not installed, so there is no Swift to compare with");
  }

  @ParameterizedTest
  @CsvSource({"0, 2.0, 4", "3, 2.5, 6", "8, 3.0, 12", "10, 4.25, 30", "17, 3.0, 9"})
  void primariesAndHandoffsAreSwifts(int power, double replicas, int devices)
      throws IOException, InterruptedException {
    Ring ring = RingsForTests.random(power * 31L + devices, power, replicas, devices);
    Path file = directory.resolve("object.ring.gz");
    RingFile.write(file, ring);
    Random random = new Random(power);
    List<Integer> partitions = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      partitions.add(random.nextInt(ring.partitionCount()));
    }
    List<String> command = command("read", file);
    partitions.forEach(part -> command.add(part.toString()));
    List<String> answers = run(command);

    assertThat(answers).hasSameSizeAs(partitions);
    for (int i = 0; i < answers.size(); i++) {
      PartitionId part = new PartitionId(partitions.get(i));
      String ours = ids(ring.primaries(part)) + "|" + ids(ring.handoffs(part));
      assertThat(ours).as("partition %s", part).isEqualTo(answers.get(i));
    }
  }

  @Test
  void aRingThatSwiftWroteIsRead() throws IOException, InterruptedException {
    Path file = directory.resolve("container.ring.gz");
    run(command("write", file));
    Ring ring = RingFile.read(file);

    assertThat(ring.version()).isEqualTo(42);
    assertThat(ring.replicaCount()).isEqualTo(2.25);
    assertThat(ids(ring.devices())).isEqualTo("0,1,2,4,5,6");
    RingDevice device = Objects.requireNonNull(ring.device(new DeviceId(4)));
    assertThat(device.label()).isEqualTo("d4r1z1-10.0.0.0:6200R10.0.0.0:6200/d4_\"mü\"");
    assertThat(device.weight()).isEqualTo(10.5);
    assertThat(ids(ring.primaries(new PartitionId(63)))).isEqualTo("4,5,6");
    assertThat(ids(ring.primaries(new PartitionId(64)))).isEqualTo("5,6");
  }

  @Test
  void anObjectsPartitionIsSwifts() throws IOException, InterruptedException {
    Ring ring = RingsForTests.random(5, 14, 3, 5);
    Path file = directory.resolve("object.ring.gz");
    RingFile.write(file, ring);
    List<String> command = command("part", file);
    command.addAll(List.of("AUTH_test", "c", "dir/ü"));

    ObjectPath path = ObjectPath.object("AUTH_test", "c", "dir/ü");
    PartitionId ours = ring.partition(new PathHasher("changeme", "changeme").hash(path));
    assertThat(run(command)).containsExactly(ours.toString());
  }

  private static String ids(Iterable<RingDevice> devices) {
    List<String> ids = new ArrayList<>();
    devices.forEach(device -> ids.add(device.id().toString()));
    return String.join(",", ids);
  }

  private List<String> command(String verb, Path ring) throws IOException {
    Path script = directory.resolve("swift_ring.py");
    try (InputStream in =
        Objects.requireNonNull(SwiftRingIT.class.getResourceAsStream("swift_ring.py"))) {
      Files.write(script, in.readAllBytes());
    }
    return new ArrayList<>(List.of(PYTHON, script.toString(), verb, ring.getFileName().toString()));
  }

  /// Swift writes its temporary file into the working directory.
  private List<String> run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(directory.resolve("err").toFile());
    builder.environment().put("PYTHONIOENCODING", "utf-8");
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    assertThat(code).as(() -> readError()).isZero();
    return out.lines().toList();
  }

  private String readError() {
    try {
      return Files.readString(directory.resolve("err"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static int exitCode(List<String> command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
