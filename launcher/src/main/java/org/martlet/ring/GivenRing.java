package org.martlet.ring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.martlet.UserMistake;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingFile;
import org.martlet.common.ring.RingFileException;
import org.martlet.common.ring.RingInbox;
import org.martlet.common.ring.RingSeal;

/// A ring file that an operator names.
final class GivenRing {
  private static final String FILE = ".ring.gz";

  private final String name;
  private final Ring ring;
  private final byte[] content;

  private GivenRing(String name, Ring ring, byte[] content) {
    this.name = name;
    this.ring = ring;
    this.content = content;
  }

  /// Without `.ring.gz`.
  String name() {
    return name;
  }

  Ring ring() {
    return ring;
  }

  /// The file's bytes.
  byte[] content() {
    return content;
  }

  /// @throws UserMistake if it is no ring file
  static GivenRing read(Path file) {
    String fileName = String.valueOf(file.getFileName());
    if (!fileName.endsWith(FILE)) {
      throw new UserMistake(file + ": a ring file's name ends in " + FILE);
    }
    try {
      if (Files.size(file) > RingInbox.MAX_FILE_BYTES) {
        throw new UserMistake(file + " has over " + RingInbox.MAX_FILE_BYTES + " bytes");
      }
      String name = fileName.substring(0, fileName.length() - FILE.length());
      RingFile.Loaded loaded = RingFile.load(file);
      byte[] content = Files.readAllBytes(file);
      if (!loaded.isOf(content)) {
        throw new UserMistake(file + " was replaced while it was read: try again");
      }
      return new GivenRing(name, loaded.ring(), content);
    } catch (RingFileException e) {
      throw new UserMistake(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new UserMistake(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  String seal(RingSeal seal) {
    return seal.write(RingSeal.Sealed.of(name, ring.version(), content));
  }
}
