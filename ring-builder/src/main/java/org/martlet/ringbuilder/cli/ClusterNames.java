package org.martlet.ringbuilder.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// What must be known of a cluster to find names in it: of `cluster.toml`, or of the `swift.conf`
/// of an OpenStack Swift whose rings are taken over.
///
/// @param hashPrefix hashed before every path, one char a byte
/// @param hashSuffix hashed after every path
/// @param rings the directory of the ring files
record ClusterNames(String hashPrefix, String hashSuffix, Path rings, List<Policy> policies) {
  private static final String SWIFT_FILE = "swift.conf";
  private static final String FILE = "cluster.toml";
  private static final List<Path> USUAL =
      List.of(
          Path.of("martlet-data", "etc", FILE),
          Path.of("/etc/martlet", FILE),
          Path.of("/etc/swift", SWIFT_FILE));

  /// A storage policy: how it is called, and which ring is its.
  record Policy(int index, List<String> names) {
    String ringName() {
      return index == 0 ? "object" : "object-" + index;
    }
  }

  /// The file that is likely meant: that of a `martlet up` started here, else the installed one,
  /// else Swift's.
  static Optional<Path> usualFile() {
    return USUAL.stream().filter(Files::exists).findFirst();
  }

  /// The file of a directory.
  static Path fileIn(Path directory) throws CliException {
    return Stream.of(FILE, SWIFT_FILE)
        .map(directory::resolve)
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(
            () -> new CliException("there is neither cluster.toml nor swift.conf in " + directory));
  }

  /// @throws CliException if the file is not what its name says
  static ClusterNames read(Path file) throws CliException, IOException {
    ClusterNames names =
        String.valueOf(file.getFileName()).endsWith(".conf") ? readSwift(file) : readToml(file);
    return names.policies.isEmpty()
        ? new ClusterNames(
            names.hashPrefix,
            names.hashSuffix,
            names.rings,
            List.of(new Policy(0, List.of("Policy-0"))))
        : names;
  }

  /// Names are compared as Swift does, whatever the case.
  Optional<Policy> policy(String name) {
    return policies.stream()
        .filter(policy -> policy.names.stream().anyMatch(name::equalsIgnoreCase))
        .findFirst();
  }

  Path ring(String name) {
    return rings.resolve(name + ".ring.gz");
  }

  private static ClusterNames readToml(Path file) throws CliException, IOException {
    JsonNode root;
    try {
      root = new TomlMapper().readTree(Files.readString(file));
    } catch (JacksonException e) {
      throw new CliException(file + ": " + e.getOriginalMessage());
    }
    JsonNode cluster = root.path("cluster");
    List<Policy> policies = new ArrayList<>();
    for (JsonNode policy : root.path("storage_policy")) {
      String name = policy.path("name").asString("Policy-0");
      policies.add(new Policy(policy.path("index").asInt(0), List.of(name)));
    }
    return new ClusterNames(
        cluster.path("hash_prefix").asString(""),
        cluster.path("hash_suffix").asString(""),
        file.resolveSibling(cluster.path("ring_directory").asString("rings")),
        policies);
  }

  private static ClusterNames readSwift(Path file) throws CliException, IOException {
    Map<String, Map<String, String>> sections = sections(file);
    List<Policy> policies = new ArrayList<>();
    for (Map.Entry<String, Map<String, String>> section : sections.entrySet()) {
      if (section.getKey().startsWith("storage-policy:")) {
        int index =
            DeviceNotation.integer(
                "index of a storage policy",
                section.getKey().substring("storage-policy:".length()));
        List<String> names = new ArrayList<>();
        names.add(section.getValue().getOrDefault("name", "Policy-" + index));
        for (String alias : section.getValue().getOrDefault("aliases", "").split(",", -1)) {
          if (!alias.isBlank()) {
            names.add(alias.strip());
          }
        }
        policies.add(new Policy(index, List.copyOf(names)));
      }
    }
    Map<String, String> hash = sections.getOrDefault("swift-hash", Map.of());
    return new ClusterNames(
        hash.getOrDefault("swift_hash_path_prefix", ""),
        hash.getOrDefault("swift_hash_path_suffix", ""),
        file.resolveSibling(""),
        policies);
  }

  /// Python's configuration format as far as `swift.conf` needs it: sections, `name = value`,
  /// comments on lines of their own.
  private static Map<String, Map<String, String>> sections(Path file) throws IOException {
    Map<String, Map<String, String>> sections = new HashMap<>();
    Map<String, String> section = new HashMap<>();
    for (String raw : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      String line = raw.strip();
      int sign = line.indexOf('=');
      if (line.startsWith("[") && line.endsWith("]")) {
        section =
            sections.computeIfAbsent(
                line.substring(1, line.length() - 1).strip(), name -> new HashMap<>());
      } else if (sign > 0 && !line.startsWith("#") && !line.startsWith(";")) {
        String name = line.substring(0, sign).strip().toLowerCase(Locale.ROOT);
        section.put(name, line.substring(sign + 1).strip());
      }
    }
    return sections;
  }
}
