package org.martlet.common.ring;

import java.util.Map;
import java.util.TreeMap;

/// How a ring is laid out in its file, apart from what it says.
///
/// @param version 1 or 2
/// @param deviceIdBytes 2, or in version 2 also 4
/// @param otherSections in version 2, what other programs keep beside the ring: content by name
public record RingFormat(int version, int deviceIdBytes, Map<String, byte[]> otherSections) {
  /// The one that every release of Swift reads: device ids up to 65534.
  public static final RingFormat V1 = new RingFormat(1, 2, Map.of());

  /// The one with an index and a checksum for each section.
  public static final RingFormat V2 = new RingFormat(2, 2, Map.of());

  /// @throws IllegalArgumentException if there is no such format
  public RingFormat {
    if (version != 1 && version != 2) {
      throw new IllegalArgumentException("ring format version " + version + " is not 1 or 2");
    }
    boolean wide = version == 2 && deviceIdBytes == 4;
    if (deviceIdBytes != 2 && !wide) {
      throw new IllegalArgumentException(
          "device ids of " + deviceIdBytes + " bytes are not in format " + version);
    }
    if (version == 1 && !otherSections.isEmpty()) {
      throw new IllegalArgumentException("format 1 has no sections");
    }
    otherSections = new TreeMap<>(otherSections);
    otherSections.keySet().forEach(RingFormat::checkName);
  }

  /// The simplest format that holds a ring.
  static RingFormat of(Ring ring) {
    return ring.assignment() instanceof Assignment.Narrow ? V1 : V2.withDeviceIdBytes(4);
  }

  public RingFormat withDeviceIdBytes(int bytes) {
    return new RingFormat(version, bytes, otherSections);
  }

  public RingFormat withOtherSections(Map<String, byte[]> sections) {
    return new RingFormat(version, deviceIdBytes, sections);
  }

  private static void checkName(String name) {
    if (name.startsWith("swift/ring/") || !RingIndex.isName(name)) {
      throw new IllegalArgumentException("not a name for another section: \"" + name + "\"");
    }
  }
}
