package org.martlet.e2e.chaos;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Turns bytes over in files of a device.
final class Rot {
  private static final int BYTES = 60;

  private Rot() {}

  /// In volumes and blobs: what has checksums of ours. The identity of the device is left alone.
  static void turnOver(Path device, Random random) throws IOException {
    List<Path> files = new ArrayList<>(filesIn(device.resolve("volumes")));
    files.addAll(filesIn(device.resolve("blobs")));
    for (int i = 0; i < BYTES && !files.isEmpty(); i++) {
      turnOverOne(files.get(random.nextInt(files.size())), random);
    }
  }

  /// Turns a byte over in the middle of every blob that begins with this body.
  ///
  /// @return how many there were
  static int turnOverBlobsOf(Path device, byte[] body) throws IOException {
    int turned = 0;
    for (Path blob : filesIn(device.resolve("blobs"))) {
      byte[] bytes = Files.readAllBytes(blob);
      if (bytes.length >= body.length && Arrays.equals(bytes, 0, 4096, body, 0, 4096)) {
        try (RandomAccessFile file = new RandomAccessFile(blob.toFile(), "rw")) {
          file.seek(body.length / 2);
          file.write(~bytes[body.length / 2]);
        }
        turned++;
      }
    }
    return turned;
  }

  private static List<Path> filesIn(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void turnOverOne(Path path, Random random) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      if (file.length() > 0) {
        long at = random.nextLong(file.length());
        file.seek(at);
        int was = file.read();
        file.seek(at);
        file.write(was ^ (1 << random.nextInt(8)));
      }
    }
  }
}
