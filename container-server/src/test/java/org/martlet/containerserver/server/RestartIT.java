package org.martlet.containerserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Listings over RocksDB, through a restart and a damaged database.
class RestartIT {
  private static final String ACCOUNT = "/d1/7/AUTH_test";
  private static final String CONTAINER = "/d1/9/AUTH_test/c";

  @TempDir private Path directory;

  private void fill() throws IOException {
    try (TestCluster cluster = TestCluster.on(directory)) {
      cluster.account("PUT", ACCOUNT, "X-Timestamp", "1");
      cluster.container("PUT", CONTAINER, "X-Timestamp", "2", "X-Container-Meta-A", "b");
      for (int i = 0; i < 20; i++) {
        cluster.container(
            "PUT",
            CONTAINER + "/o" + i,
            "X-Timestamp",
            "3",
            "X-Size",
            "5",
            "X-Etag",
            "e",
            "X-Content-Type",
            "t");
      }
    }
  }

  @Test
  void everythingIsThereAfterARestart() throws Exception {
    fill();
    try (TestCluster cluster = TestCluster.on(directory)) {
      TestCluster.Answer head = cluster.container("HEAD", CONTAINER);
      assertThat(head.header("X-Container-Object-Count")).isEqualTo("20");
      assertThat(head.header("X-Container-Bytes-Used")).isEqualTo("100");
      assertThat(head.header("X-Container-Meta-A")).isEqualTo("b");
      assertThat(cluster.container("GET", CONTAINER + "?prefix=o1&limit=3").body())
          .isEqualTo("o1\no10\no11\n");
    }
  }

  @Test
  void aDamagedDatabaseIsMovedAsideAndAnEmptyOneServes() throws Exception {
    fill();
    damage(directory.resolve("d1/listings"), "MANIFEST-");
    try (TestCluster cluster = TestCluster.on(directory)) {
      assertThat(cluster.container("HEAD", CONTAINER).status()).isEqualTo(404);
      assertThat(cluster.account("PUT", ACCOUNT, "X-Timestamp", "9").status()).isEqualTo(201);
      assertThat(names(directory.resolve("d1")))
          .hasSize(3)
          .anyMatch(name -> name.startsWith("listings.corrupt-"));
    }
  }

  private static List<String> names(Path in) throws IOException {
    try (Stream<Path> files = Files.list(in)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static void damage(Path in, String prefix) throws IOException {
    for (String name : names(in)) {
      if (name.startsWith(prefix)) {
        byte[] bytes = Files.readAllBytes(in.resolve(name));
        Arrays.fill(bytes, 0, bytes.length / 2, (byte) 0x5a);
        Files.write(in.resolve(name), bytes);
      }
    }
  }
}
