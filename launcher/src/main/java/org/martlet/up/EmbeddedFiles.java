package org.martlet.up;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import org.martlet.common.ring.AtomicFile;
import org.martlet.up.EmbeddedRings.Kind;
import tools.jackson.databind.json.JsonMapper;

/// The configuration of an embedded cluster, in the same files as any cluster's.
///
/// `cluster.toml` is written once: its secrets are the data's. So is `proxy-server.toml`, which a
/// user may change; the storage servers' files follow the rings and are written at every start.
final class EmbeddedFiles {
  private static final int SECRET_BYTES = 32;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final DataDirectory directory;

  EmbeddedFiles(DataDirectory directory) {
    this.directory = directory;
  }

  /// Writes what is missing.
  void write(EmbeddedRings rings) throws IOException {
    writeOnce("cluster.toml", cluster());
    writeOnce("proxy-server.toml", PROXY);
    write(directory.etc().resolve("object-server.toml"), objects(rings));
    write(directory.etc().resolve("container-server.toml"), listings(rings));
  }

  private String objects(EmbeddedRings rings) {
    return """
    # Written at every start: the ports are those in the rings. Only the proxy of the same process
    # speaks to them, and stops first.
    [server]
    host = "%s"
    port = %d
    drain_grace = "0 s"

    [devices]
    root = %s
    names = [%s]
    mount_check = false
    rejoin_check = false
    """
        .formatted(EmbeddedRings.HOST, rings.port(Kind.OBJECT), root(), names());
  }

  private String listings(EmbeddedRings rings) {
    return """
    # Written at every start: the ports are those in the rings. Only the proxy of the same process
    # speaks to them, and stops first.
    [server]
    host = "%s"
    container_port = %d
    account_port = %d
    drain_grace = "0 s"

    [devices]
    root = %s
    names = [%s]
    mount_check = false
    rejoin_check = false
    """
        .formatted(
            EmbeddedRings.HOST,
            rings.port(Kind.CONTAINER),
            rings.port(Kind.ACCOUNT),
            root(),
            names());
  }

  private String names() {
    return directory.deviceNames().stream().map(JSON::writeValueAsString).collect(joining(", "));
  }

  /// A TOML basic string has JSON's escapes.
  private String root() {
    return JSON.writeValueAsString(directory.devices().toString());
  }

  Path clusterFile() {
    return directory.etc().resolve("cluster.toml");
  }

  Path proxyFile() {
    return directory.etc().resolve("proxy-server.toml");
  }

  private void writeOnce(String name, String text) throws IOException {
    Path file = directory.etc().resolve(name);
    if (!Files.exists(file)) {
      write(file, text);
    }
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFile.writeSecret(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String cluster() {
    return """
    # The secrets of this cluster. The hash suffix may never change: every key on disk depends on it.
    [cluster]
    hash_suffix = "%s"
    secret = "%s"
    ring_directory = "../rings"
    """
        .formatted(random(), random());
  }

  private static String random() {
    byte[] bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static final String PROXY =
      """
      # Address and port come from the command line of `martlet up`; anything else that is in
      # etc/proxy-server.toml of the distribution may be said here.

      # The users of Swift's own all-in-one.
      [[tempauth.user]]
      account = "admin"
      user = "admin"
      key = "admin"
      groups = [".admin", ".reseller_admin"]

      [[tempauth.user]]
      account = "test"
      user = "tester"
      key = "testing"
      groups = [".admin"]

      [[tempauth.user]]
      account = "test"
      user = "tester2"
      key = "testing2"
      groups = [".admin"]

      [[tempauth.user]]
      account = "test2"
      user = "tester2"
      key = "testing2"
      groups = [".admin"]

      [[tempauth.user]]
      account = "test"
      user = "tester3"
      key = "testing3"

      [[tempauth.user]]
      account = "test5"
      user = "tester5"
      key = "testing5"
      groups = [".service"]
      """;
}
