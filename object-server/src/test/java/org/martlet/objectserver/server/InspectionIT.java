package org.martlet.objectserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.disk.RealDisk;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.kv.KeyValueConfig;
import org.martlet.common.kv.KeyValueEngine;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.objectserver.server.ObjectNode.Answer;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.store.DeviceFacts;
import org.martlet.objectserver.store.DeviceStoreConfig;
import org.martlet.objectserver.store.ObjectFacts;
import org.martlet.objectserver.store.ObjectFacts.State;
import org.martlet.objectserver.store.OfflineDevice;
import tools.jackson.databind.json.JsonMapper;

/// A look at a device and its objects: by its server, and without one.
class InspectionIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final byte[] LARGE = new byte[3 * ObjectNode.INLINE];

  @TempDir private Path root;
  private ObjectNode node;

  @BeforeEach
  void start() throws Exception {
    node = new ObjectNode(root);
    put("/a/c/small", 1, new byte[] {1, 2, 3});
    put("/a/c/small", 2, new byte[] {4, 5});
    put("/a/c/large", 1, LARGE);
    put("/a/c/deleted", 1, new byte[] {1});
    node.send("DELETE", "/a/c/deleted", "X-Timestamp", timestamp(2));
    node.send("POST", "/a/c/small", "X-Timestamp", timestamp(3), "X-Object-Meta-A", "b");
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private String timestamp(int n) {
    return node.clock.instant().getEpochSecond() + "." + "0000" + n;
  }

  private void put(String path, int time, byte[] body) throws Exception {
    Headers headers = Headers.of("X-Timestamp", timestamp(time), "Content-Type", "text/plain");
    assertThat(node.send("PUT", path, Body.of(body), headers).status()).isEqualTo(201);
  }

  private Answer ask(String query, boolean signed) throws Exception {
    return node.exchange("GET", "/sda/inspection" + query, Body.empty(), new Headers(), signed);
  }

  private ObjectFacts live(String object) throws Exception {
    Answer answer = ask("?path=%2Fa%2Fc%2F" + object + "&policy=0", true);
    assertThat(answer.status()).isEqualTo(200);
    return JSON.readValue(answer.body(), ObjectFacts.class);
  }

  private interface Question<T> {
    T ask(OfflineDevice device) throws IOException;
  }

  private <T> Optional<T> offline(Question<T> question) throws IOException {
    try (KeyValueEngine engine = new KeyValueEngine(KeyValueConfig.DEFAULT)) {
      Optional<OfflineDevice> device =
          OfflineDevice.open(
              DeviceStoreConfig.of(root.resolve("sda")),
              new RealDisk(),
              "c1",
              "cluster secret",
              engine::openReadOnly);
      if (device.isEmpty()) {
        return Optional.empty();
      }
      try (OfflineDevice open = device.get()) {
        return Optional.of(question.ask(open));
      }
    }
  }

  private static ObjectKey key(String object) {
    return ObjectKey.whole(0, new PathHasher("", "test").hash(ObjectPath.object("a", "c", object)));
  }

  private Map<String, String> files() throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      files
          .filter(Files::isRegularFile)
          .forEach(
              file -> {
                try {
                  found.put(
                      file.toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
    return found;
  }

  private void flip(String directory, long offset) throws IOException {
    Path file;
    try (Stream<Path> files = Files.walk(root.resolve("sda").resolve(directory))) {
      file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) offset] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void aLiveServerTellsOnlyWhoSigns() throws Exception {
    assertThat(ask("", false).status()).isEqualTo(401);
    assertThat(ask("?path=%2Fa%2Fc%2Fsmall", false).status()).isEqualTo(401);
    assertThat(ask("?path=nonsense", true).status()).isEqualTo(400);
    assertThat(offline(OfflineDevice::describe)).isEmpty();
  }

  @Test
  void serverAndDeviceTellTheSameOfAnObject() throws Exception {
    ObjectFacts small = live("small");
    ObjectFacts large = live("large");
    ObjectFacts deleted = live("deleted");
    assertThat(small.isSound()).isTrue();
    assertThat(small.state()).isEqualTo(State.LIVE);
    assertThat(small.record().kind()).isEqualTo("post");
    assertThat(small.content().length()).isEqualTo(2);
    assertThat(small.content().metadata()).containsEntry("X-Object-Meta-A", "b");
    assertThat(large.isSound()).isTrue();
    assertThat(large.body().file()).startsWith("blobs/");
    assertThat(deleted.state()).isEqualTo(State.DELETED);
    assertThat(live("nothing").state()).isEqualTo(State.ABSENT);
    node.stop();
    Map<String, String> before = files();
    assertThat(offline(device -> device.inspect(key("small"))).orElseThrow().checks())
        .isEqualTo(small.checks());
    assertThat(offline(device -> device.inspect(key("large"))).orElseThrow().content())
        .isEqualTo(large.content());
    assertThat(offline(device -> device.inspect(key("deleted"))).orElseThrow().clocks())
        .isEqualTo(deleted.clocks());
    assertThat(files()).isEqualTo(before);
    node.start();
  }

  @Test
  void damageIsToldAndLeftAsItIs() throws Exception {
    flip("blobs", 100_000);
    ObjectFacts large = live("large");
    assertThat(large.isSound()).isFalse();
    assertThat(large.checks())
        .contains(new ObjectFacts.Check("blocks", false, "1 of 3 are damaged: [1]"));
    assertThat(live("large").state()).isEqualTo(State.LIVE);
  }

  @Test
  void serverAndDeviceCountTheSameAlsoWithoutAnIndex() throws Exception {
    DeviceFacts live = JSON.readValue(ask("", true).body(), DeviceFacts.class);
    assertThat(live.policies()).containsExactly(new DeviceFacts.Policy(0, 2, 2 + LARGE.length, 1));
    assertThat(live.isSound()).isTrue();
    node.stop();
    assertThat(offline(OfflineDevice::describe).orElseThrow().policies())
        .isEqualTo(live.policies());
    Path index = root.resolve("sda").resolve("index");
    Files.move(index, root.resolve("aside"));
    DeviceFacts without = offline(OfflineDevice::describe).orElseThrow();
    assertThat(without.policies()).isEqualTo(live.policies());
    assertThat(without.index().rebuildPending()).isTrue();
    assertThat(without.problems()).anyMatch(problem -> problem.contains("it is missing"));
    assertThat(index).doesNotExist();
    node.start();
  }
}
