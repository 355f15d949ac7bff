package org.martlet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a new user sees of `./martlet`.
class UpIT {
  @TempDir Path work;

  @Test
  void printsWhatToPasteAndKeepsTheDataOverARestart() throws IOException {
    byte[] body = "hello".getBytes(StandardCharsets.UTF_8);
    try (LocalCluster cluster = LocalCluster.up(work.resolve("data"))) {
      assertThat(cluster.process().output())
          .contains(
              "test:tester", "testing", "AUTH_test", "curl ", "swift ", "rclone ", cluster.url());
      SwiftClient client = cluster.client();
      client.createContainer("c");
      assertThat(client.put("/c/o", body, "X-Object-Meta-Colour", "blue").statusCode())
          .isEqualTo(201);
      assertThat(cluster.stop()).as(cluster.process().output()).isZero();
      cluster.start();
      HttpResponse<byte[]> read = cluster.client().get("/c/o");
      assertThat(read.body()).isEqualTo(body);
      assertThat(read.headers().firstValue("X-Object-Meta-Colour")).contains("blue");
      assertThat(cluster.client().list("c")).containsExactly("o");
    }
  }

  @Test
  void knowsTheUsersOfSwiftsOwnAllInOne() {
    Map<String, String> accounts =
        Map.of(
            "test:tester testing", "AUTH_test",
            "test:tester2 testing2", "AUTH_test",
            "test2:tester2 testing2", "AUTH_test2",
            "test:tester3 testing3", "AUTH_test",
            "test5:tester5 testing5", "AUTH_test5",
            "admin:admin admin", "AUTH_admin");
    try (LocalCluster cluster = LocalCluster.up(work.resolve("data"))) {
      accounts.forEach(
          (login, account) -> {
            String[] userAndKey = login.split(" ");
            assertThat(SwiftClient.login(cluster.url(), userAndKey[0], userAndKey[1]).storageUrl())
                .endsWith("/v1/" + account);
          });
    }
  }

  @Test
  void aBusyPortIsOneClearLine() throws IOException {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        MartletProcess process =
            MartletProcess.start(
                "up",
                "--data",
                work.resolve("data").toString(),
                "--port",
                "" + busy.getLocalPort())) {
      assertThat(process.exitCode()).isEqualTo(1);
      assertThat(process.output().strip().lines()).hasSize(1);
      assertThat(process.output())
          .contains("" + busy.getLocalPort(), "in use")
          .doesNotContain("Exception");
    }
  }

  @Test
  void aSecondUpOnTheSameDataIsOneClearLine() throws IOException {
    Path data = work.resolve("data");
    try (LocalCluster first = LocalCluster.up(data);
        MartletProcess second =
            MartletProcess.start("up", "--data", data.toString(), "--port", "0")) {
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.output().strip().lines()).hasSize(1);
      assertThat(second.output()).contains("another process").doesNotContain("Exception");
      assertThat(first.client().get("").statusCode()).isBetween(200, 204);
    }
  }

  @Test
  void dataOfAnotherVersionIsOneClearLine() throws IOException {
    Path data = work.resolve("data");
    LocalCluster cluster = LocalCluster.up(data);
    cluster.stop();
    Path marker = data.resolve("martlet.json");
    Files.writeString(
        marker,
        Files.readString(marker)
            .replaceAll("\"format_version\"\\s*:\\s*1", "\"format_version\": 999"));
    try (MartletProcess process =
        MartletProcess.start("up", "--data", data.toString(), "--port", "0")) {
      assertThat(process.exitCode()).isEqualTo(1);
      assertThat(process.output().strip().lines()).hasSize(1);
      assertThat(process.output()).contains("version", "999").doesNotContain("Exception");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "up",
    "proxy-server",
    "object-server",
    "container-server",
    "node",
    "ring-builder",
    "get-nodes"
  })
  void everyCommandExplainsItself(String command) {
    try (MartletProcess help = MartletProcess.start(command, "--help")) {
      assertThat(help.exitCode()).isZero();
      assertThat(help.output()).contains("Usage: martlet " + command);
      assertThat(help.output().lines()).allMatch(line -> line.length() <= 100);
    }
  }

  @Test
  void helpNamesEveryCommand() {
    try (MartletProcess help = MartletProcess.start("--help")) {
      assertThat(help.exitCode()).isZero();
      assertThat(help.output())
          .contains(
              "up",
              "proxy-server",
              "object-server",
              "container-server",
              "node",
              "ring-builder",
              "get-nodes");
    }
  }

  @Test
  void anUnknownOptionIsExplainedWithoutAStackTrace() {
    try (MartletProcess process = MartletProcess.start("up", "--prot", "80")) {
      assertThat(process.exitCode()).isEqualTo(2);
      assertThat(process.output()).contains("--prot").doesNotContain("Exception", "\tat ");
    }
  }
}
