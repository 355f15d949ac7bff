package org.martlet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One of four devices is deleted while the cluster is down.
class LostDeviceProbeIT {
  private static final int OBJECTS = 200;

  @TempDir Path data;

  @Test
  void everythingStaysReadableAndWritableWithoutOneDevice() throws IOException {
    try (LocalCluster cluster = LocalCluster.up(data)) {
      SwiftClient before = cluster.client();
      before.createContainer("kept");
      for (int i = 0; i < OBJECTS; i++) {
        assertThat(before.put("/kept/o" + i, content(i)).statusCode()).isEqualTo(201);
      }
      Listings.await(before, "kept", names -> names.equals(names("o")));
      assertThat(cluster.stop()).isZero();
      deleteTree(data.resolve("devices").resolve("d2"));
      cluster.start();

      SwiftClient after = cluster.client();
      for (int i = 0; i < OBJECTS; i++) {
        assertThat(after.get("/kept/o" + i).body()).as("o%d", i).isEqualTo(content(i));
      }
      Listings.await(after, "kept", names -> names.equals(names("o")));
      for (int i = 0; i < OBJECTS; i++) {
        assertThat(after.put("/kept/n" + i, content(-i)).statusCode()).isEqualTo(201);
        assertThat(after.get("/kept/n" + i).body()).as("n%d", i).isEqualTo(content(-i));
      }
      for (int i = 0; i < OBJECTS; i++) {
        assertThat(after.delete("/kept/o" + i).statusCode()).isEqualTo(204);
        assertThat(after.get("/kept/o" + i).statusCode()).isEqualTo(404);
      }
    }
  }

  private static TreeSet<String> names(String prefix) {
    return IntStream.range(0, OBJECTS)
        .mapToObj(i -> prefix + i)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static byte[] content(int i) {
    return ("content of " + i).repeat(50).getBytes(StandardCharsets.UTF_8);
  }

  private static void deleteTree(Path root) throws IOException {
    assertThat(root).isDirectory();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException fault)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
