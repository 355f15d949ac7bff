package org.martlet.common.ring;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Where the sections of a ring file of version 2 are: the last blob of the file.
///
/// @param sections by name
record RingIndex(Map<String, Section> sections) {
  static final String METADATA = "swift/ring/metadata";
  static final String DEVICES = "swift/ring/devices";
  static final String ASSIGNMENTS = "swift/ring/assignments";

  /// What every ring has: all others belong to somebody else.
  static final Set<String> OURS = Set.of(METADATA, DEVICES, ASSIGNMENTS);

  /// Bytes of the length before each blob.
  static final int PREFIX = 8;

  private static final JsonMapper MAPPER = new JsonMapper();

  /// Swift's names of the checksums, and Java's.
  private static final Map<String, String> CHECKSUMS =
      Map.of("md5", "MD5", "sha1", "SHA-1", "sha256", "SHA-256", "sha512", "SHA-512");

  /// A blob: an eight-byte length and that many bytes.
  ///
  /// @param start offset in the file of the compressed blob, where inflating can begin
  /// @param end offset in the file after it
  /// @param length bytes of the blob's content
  /// @param algorithm of the checksum, in Java's words
  /// @param checksum in hexadecimal, over the length and the content
  record Section(long start, long end, long length, String algorithm, String checksum) {}

  static boolean isName(String name) {
    return !name.isEmpty()
        && name.chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || c == '/'
                        || c == '-');
  }

  /// @throws IllegalArgumentException if the content is not an index
  /// @throws tools.jackson.core.JacksonException if the text is not JSON
  static RingIndex parse(byte[] text, long fileSize) {
    JsonNode root = MAPPER.readTree(text);
    if (!root.isObject()) {
      throw new IllegalArgumentException("the index is not an object");
    }
    Map<String, Section> sections = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      Section section = section(entry.getKey(), entry.getValue(), fileSize);
      if (section != null) {
        sections.put(entry.getKey(), section);
      }
    }
    for (String name : OURS) {
      if (!sections.containsKey(name)) {
        throw new IllegalArgumentException("the index names no section " + name);
      }
    }
    return new RingIndex(sections);
  }

  private static @Nullable Section section(String name, JsonNode entry, long fileSize) {
    if (name.equals("swift/index")) {
      return null; // the index itself, for writers that list it
    }
    long start = offset(name, entry, 0);
    long plainStart = offset(name, entry, 1);
    long end = offset(name, entry, 2);
    long plainEnd = offset(name, entry, 3);
    if (start >= end || end > fileSize || plainEnd - plainStart < PREFIX) {
      throw new IllegalArgumentException("section " + name + " has impossible offsets");
    }
    String algorithm = CHECKSUMS.get(entry.path(4).asString(""));
    if (algorithm == null) {
      throw new IllegalArgumentException(
          "section " + name + " has an unknown checksum: " + entry.path(4));
    }
    String checksum = entry.path(5).asString("");
    return new Section(start, end, plainEnd - plainStart - PREFIX, algorithm, checksum);
  }

  private static long offset(String name, JsonNode entry, int at) {
    JsonNode node = entry.path(at);
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      throw new IllegalArgumentException("section " + name + " has no offsets in the index");
    }
    return node.longValue();
  }

  /// The line of a section in an index, with a SHA-256.
  static void put(
      ObjectNode index,
      String name,
      long start,
      long plainStart,
      long end,
      long plainEnd,
      String sha256) {
    ArrayNode entry = index.putArray(name);
    entry.add(start).add(plainStart).add(end).add(plainEnd).add("sha256").add(sha256);
  }
}
