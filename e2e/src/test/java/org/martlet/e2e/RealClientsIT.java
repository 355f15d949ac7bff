package org.martlet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Clients that nobody here wrote, as their users call them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealClientsIT {
  private Path work;
  private Path tree;
  private LocalCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    work = directory;
    tree = Files.createDirectory(work.resolve("tree"));
    SampleTree.write(tree, 7);
    cluster = LocalCluster.up(work.resolve("data"));
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private static void assumeProgram(String name) {
    boolean found =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    assumeTrue(found, name + " is not installed (Debian has it): this test is skipped");
  }

  private String run(List<String> command) {
    MartletProcess.Finished finished = MartletProcess.run(command, work);
    assertThat(finished.exitCode()).as("%s printed:%n%s", command, finished.output()).isZero();
    return finished.output();
  }

  private String rclone(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "rclone",
                "--swift-auth=" + cluster.url() + "/auth/v1.0",
                "--swift-user=test:tester",
                "--swift-key=testing",
                "--retries=1"));
    command.addAll(List.of(arguments));
    return run(command);
  }

  private String swift(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "swift", "-A", cluster.url() + "/auth/v1.0", "-U", "test:tester", "-K", "testing"));
    command.addAll(List.of(arguments));
    return run(command);
  }

  @Test
  void rcloneCopiesATreeAndFindsNoDifference() {
    assumeProgram("rclone");
    rclone("copy", tree.toString(), ":swift:rclone-tree");
    String report = rclone("check", "--download", tree.toString(), ":swift:rclone-tree");
    assertThat(report).contains("0 differences found");
    rclone("delete", "--include", "/a/**", ":swift:rclone-tree");
    assertThat(rclone("lsf", "-R", ":swift:rclone-tree/a")).isBlank();
    rclone("purge", ":swift:rclone-tree");
    assertThat(rclone("lsd", ":swift:")).doesNotContain("rclone-tree");
  }

  @Test
  void rcloneMovesAndRenamesOnTheServer() {
    assumeProgram("rclone");
    rclone("copy", tree.resolve("a").toString(), ":swift:rclone-move/from");
    rclone("move", ":swift:rclone-move/from", ":swift:rclone-move/to");
    assertThat(rclone("check", "--download", tree.resolve("a").toString(), ":swift:rclone-move/to"))
        .contains("0 differences found");
  }

  @Test
  void swiftUploadsAndDownloadsTheSameBytes() {
    assumeProgram("swift");
    Path down = work.resolve("down");
    swift("-q", "upload", "swift-tree", "tree");
    swift("-q", "download", "swift-tree", "-D", down.toString());
    MartletProcess.Finished diff =
        MartletProcess.run(
            List.of("diff", "-r", tree.toString(), down.resolve("tree").toString()), null);
    assertThat(diff.exitCode()).as(diff.output()).isZero();
  }

  @Test
  void swiftUploadsALargeFileInSegments() throws IOException {
    assumeProgram("swift");
    Path down = work.resolve("large.down");
    swift(
        "-q",
        "upload",
        "segmented",
        "--object-name",
        "l",
        "-S",
        "7000000",
        tree.resolve("large.bin").toString());
    swift("-q", "download", "segmented", "l", "-o", down.toString());
    assertThat(Files.mismatch(tree.resolve("large.bin"), down)).isEqualTo(-1);
  }

  @Test
  void swiftStatListPostAndDeleteBehaveAsAgainstSwift() throws IOException {
    assumeProgram("swift");
    Path file = Files.writeString(work.resolve("note.txt"), "hello\n");
    swift("post", "box", "-m", "Colour:blue", "-r", ".r:*,.rlistings");
    swift(
        "upload",
        "box",
        file.toString(),
        "--object-name",
        "note.txt",
        "-H",
        "X-Object-Meta-Kind:note");
    assertThat(swift("list", "box")).isEqualToIgnoringNewLines("note.txt");
    assertThat(swift("list")).contains("box");
    assertThat(swift("stat", "box"))
        .containsPattern("Meta Colour: blue")
        .containsPattern("Read ACL: \\.r:\\*,\\.rlistings");
    assertThat(swift("stat", "box", "note.txt"))
        .containsPattern("Content Length: 6")
        .containsPattern("Content Type: text/plain")
        .containsPattern("ETag: b1946ac92492d2347c6235b4d2611184")
        .containsPattern("Meta Kind: note");
    assertThat(swift("stat")).containsPattern("Account: AUTH_test");
    swift("post", "box", "note.txt", "-m", "Kind:memo");
    assertThat(swift("stat", "box", "note.txt")).containsPattern("Meta Kind: memo");
    swift("copy", "box", "note.txt", "-d", "/box/copy.txt");
    assertThat(swift("list", "box")).contains("copy.txt");
    swift("delete", "box");
    assertThat(swift("list").lines()).doesNotContain("box");
  }
}
