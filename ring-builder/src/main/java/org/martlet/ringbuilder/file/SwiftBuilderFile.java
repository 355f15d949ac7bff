package org.martlet.ringbuilder.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import net.razorvine.pickle.PickleException;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;
import org.martlet.ringbuilder.builder.SwiftBuilder;

/// Reads a builder file of OpenStack Swift: a Python pickle, in which only plain values are let
/// in ([PlainUnpickler]).
public final class SwiftBuilderFile {
  /// A builder of 2^24 partitions and three replicas has 150 MiB.
  private static final long MAX_BYTES = 512L << 20;

  private static final int PICKLE = 0x80;

  private SwiftBuilderFile() {}

  /// @throws RingBuilderException if there is no such file, or it is not a builder of Swift
  public static RingBuilder read(Path file) throws RingBuilderException, IOException {
    try {
      return SwiftBuilder.restore(unpickle(file));
    } catch (RingBuilderException e) {
      throw new RingBuilderException(file + ": " + e.getMessage(), e);
    }
  }

  private static Map<?, ?> unpickle(Path file) throws RingBuilderException, IOException {
    byte[] pickle;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new RingBuilderException("it is larger than " + MAX_BYTES + " bytes");
      }
      pickle = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new RingBuilderException("there is no such file", e);
    }
    if (pickle.length == 0 || Byte.toUnsignedInt(pickle[0]) != PICKLE) {
      throw new RingBuilderException("it is not a builder of OpenStack Swift (a Python pickle)");
    }
    try {
      if (new PlainUnpickler(pickle).load() instanceof Map<?, ?> builder) {
        return builder;
      }
      throw new RingBuilderException("it is a pickle, but not a builder of OpenStack Swift");
    } catch (PickleException | IOException e) {
      throw new RingBuilderException("the pickle is refused: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw new RingBuilderException("the pickle is damaged", e);
    }
  }
}
