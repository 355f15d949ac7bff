package org.martlet.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InitDeviceCommandTest {
  @TempDir private Path directory;
  private Path d1;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void makeDirectory() throws IOException {
    d1 = Files.createDirectory(directory.resolve("d1"));
    writeCluster("one");
  }

  private void writeCluster(String suffix) throws IOException {
    Files.writeString(
        directory.resolve("cluster.toml"),
        "[cluster]\nhash_suffix = \"" + suffix + "\"\nsecret = \"0123456789abcdef\"\n");
  }

  private int init(Object... arguments) {
    CommandLine command = new CommandLine(new InitDeviceCommand());
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    String[] all = new String[arguments.length + 2];
    all[0] = "--cluster";
    all[1] = directory.resolve("cluster.toml").toString();
    for (int i = 0; i < arguments.length; i++) {
      all[i + 2] = arguments[i].toString();
    }
    return command.execute(all);
  }

  @Test
  void makesADeviceOnceAndKeepsItAfterwards() throws IOException {
    assertThat(init("--no-mount-check", d1)).isZero();
    String made = Files.readString(d1.resolve("device.json"));

    assertThat(init("--no-mount-check", d1)).isZero();
    assertThat(Files.readString(d1.resolve("device.json"))).isEqualTo(made);
    assertThat(out.toString()).contains("already");
  }

  @Test
  void takesNoDirectoryOnWhichNoDiskIsMounted() {
    assertThat(init(d1)).isEqualTo(1);
    assertThat(err.toString()).contains("no disk is mounted on " + d1);
    assertThat(d1).isEmptyDirectory();
  }

  @Test
  void rootIsToldToDoItAsTheUserWhoseServersUseTheDevice() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can give a file away");
    Files.setOwner(
        d1, d1.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));

    assertThat(init("--no-mount-check", d1)).isEqualTo(1);
    assertThat(err.toString()).contains(d1 + " belongs to nobody", "runuser -u nobody -- martlet");
    assertThat(d1).isEmptyDirectory();
  }

  @Test
  void takesNoDeviceOfAnotherCluster() throws IOException {
    assertThat(init("--no-mount-check", d1)).isZero();
    writeCluster("two");

    assertThat(init("--no-mount-check", d1)).isEqualTo(1);
    assertThat(err.toString()).contains("belongs to cluster");
  }

  @Test
  void reportsEveryDirectoryThatItCannotTake() throws IOException {
    Files.writeString(d1.resolve("file"), "of somebody");
    Path d2 = Files.createDirectory(directory.resolve("d2"));

    assertThat(init("--no-mount-check", d1, directory.resolve("none"), d2)).isEqualTo(1);
    assertThat(err.toString()).contains("is not empty").contains("none is no directory");
    assertThat(d2.resolve("device.json")).exists();
  }
}
