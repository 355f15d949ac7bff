package org.martlet.common.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.PartitionId;

class RingFileTest {
  private static final String DEVS =
      """
      [{"device":"sda","id":0,"ip":"10.0.0.1","port":6200,"weight":100.0,"zone":1},null,\
      {"device":"sdb","id":2,"ip":"10.0.0.2","port":6200,"weight":1,"zone":2,"region":3,\
      "replication_ip":"10.1.0.2","replication_port":6300,"meta":"m","colour":"red"}]""";

  @TempDir Path directory;

  @Property(tries = 100)
  void whatIsWrittenIsRead(
      @ForAll long seed,
      @ForAll @IntRange(max = 10) int power,
      @ForAll @IntRange(min = 2, max = 7) int halves)
      throws IOException {
    Path file = Files.createTempFile("property", ".ring.gz");
    try {
      Ring ring = RingsForTests.random(seed, power, halves / 2.0, 7);
      RingFile.write(file, ring);
      Ring read = RingFile.read(file);
      assertThat(read.devices()).isEqualTo(ring.devices());
      assertThat(read.placesAs(ring)).isTrue();
      assertThat(read.version()).isEqualTo(ring.version());
      assertThat(read.replicaCount()).isEqualTo(ring.replicaCount());
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void sameRingGivesSameBytesWithSwiftsGzipHeader() throws IOException {
    Path one = directory.resolve("object.ring.gz");
    Path two = Files.createDirectory(directory.resolve("b")).resolve("object.ring.gz");
    RingFile.write(one, RingsForTests.random(5, 8, 3, 6));
    RingFile.write(two, RingsForTests.random(5, 8, 3, 6));

    byte[] bytes = Files.readAllBytes(one);
    assertThat(bytes).isEqualTo(Files.readAllBytes(two));
    String head = HexFormat.of().formatHex(bytes, 0, 10);
    assertThat(head).isEqualTo("1f8b0808f42a844d02ff");
    assertThat(new String(bytes, 10, 12, StandardCharsets.ISO_8859_1)).isEqualTo("object.ring\0");
    assertThat(new String(bytes, 27, 4, StandardCharsets.ISO_8859_1)).isEqualTo("R1NG");
    assertThat(Files.list(directory).filter(f -> f.toString().endsWith(".tmp"))).isEmpty();
  }

  @Test
  void aPlainGunzipShowsTheDocumentedLayout() throws IOException {
    Path file = directory.resolve("x.ring.gz");
    RingDevice device = RingsForTests.device(1, 1, 1, "10.0.0.1");
    RingFile.write(file, Ring.of(1, List.of(device), new int[][] {{1, 1}, {1}}, 9));

    byte[] plain;
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      plain = in.readAllBytes();
    }
    int length = ByteBuffer.wrap(plain).getInt(6);
    assertThat(new String(plain, 10, length, StandardCharsets.US_ASCII))
        .isEqualTo(
            """
            {"byteorder":"little","devs":[null,{"device":"d1","id":1,"ip":"10.0.0.1","meta":"",\
            "port":6201,"region":1,"replication_ip":"10.0.0.1","replication_port":6201,\
            "weight":100.0,"zone":1}],"part_shift":31,"replica_count":2,"version":9}""");
    assertThat(Arrays.copyOfRange(plain, 10 + length, plain.length))
        .containsExactly(1, 0, 1, 0, 1, 0);
  }

  @Test
  void bothByteOrdersAndMissingKeysAreRead() throws IOException {
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      String name = order == ByteOrder.BIG_ENDIAN ? "big" : "little";
      String json =
          "{\"byteorder\":\""
              + name
              + "\",\"devs\":"
              + DEVS
              + ",\"part_shift\":31,\"replica_count\":2}";
      Path file = gzip(ring(1, json, order, 0, 2, 2));

      Ring ring = RingFile.read(file);
      assertThat(ring.replicaCount()).isEqualTo(1.5);
      assertThat(ring.version()).isZero();
      assertThat(ring.primaries(new PartitionId(1))).containsExactly(ring.devices().get(1));
      assertThat(ring.devices().get(0))
          .isEqualTo(RingDevice.of(new DeviceId(0), 1, 1, "10.0.0.1", 6200, "sda", 100));
      assertThat(ring.devices().get(1).replicationAddress()).isEqualTo("10.1.0.2:6300");
    }
  }

  @Test
  void metaMayHoldAnyText() throws IOException {
    Path file = directory.resolve("m.ring.gz");
    RingDevice device =
        new RingDevice(new DeviceId(0), 1, 1, "h", 1, "h", 2, "d", 0.5, "Gestell \"ü\" \n😀");
    RingFile.write(file, Ring.of(0, List.of(device), new int[][] {{0}}, 1));
    assertThat(RingFile.read(file).devices()).containsExactly(device);
  }

  @Test
  void everyFaultNamesTheFileAndTheFault() throws IOException {
    String good = "{\"devs\":" + DEVS + ",\"part_shift\":31,\"replica_count\":1}";
    refused(directory.resolve("missing"), "no such file");
    refused(plain("hello, I am not a ring".getBytes(StandardCharsets.US_ASCII)), "not a gzip file");
    refused(gzip("HELLO WORLD".getBytes(StandardCharsets.US_ASCII)), "R1NG");
    refused(gzip(new byte[] {'R', '1'}), "cut short");
    refused(gzip(ring(9, good, ByteOrder.nativeOrder(), 0, 2)), "version 9");
    refused(gzip(ring(1, "{", ByteOrder.nativeOrder())), "invalid JSON");
    refused(gzip(ring(1, "[]", ByteOrder.nativeOrder())), "not an object");
    refused(gzip(ring(1, good, ByteOrder.nativeOrder())), "row 0 has 0 of 2");
    refused(gzip(ring(1, good, ByteOrder.nativeOrder(), 0, 1)), "device 1");
    refused(gzip(ring(1, good, ByteOrder.nativeOrder(), 0, 2, 2)), "more data");
    refused(gzip(ring(1, good.replace("31", "1"), ByteOrder.nativeOrder())), "part_shift 1");
    refused(
        gzip(ring(1, good.replace("\"part_shift\":31,", ""), ByteOrder.nativeOrder())),
        "part_shift");
    refused(gzip(ring(1, good.replace(":1}", ":0}"), ByteOrder.nativeOrder())), "rebalanced");
    refused(gzip(ring(1, good.replace(":1}", ":1.5}"), ByteOrder.nativeOrder())), "replica_count");
    refused(
        gzip(ring(1, good.replace(":1}", ":99999}"), ByteOrder.nativeOrder())), "replica_count");
    refused(
        gzip(ring(1, good.replace("\"id\":2", "\"id\":1"), ByteOrder.nativeOrder())),
        "its id is 1");
    refused(gzip(ring(1, good.replace("10.0.0.2", "a b"), ByteOrder.nativeOrder())), "device 2");
    refused(
        gzip(ring(1, good.replace(":6300", ":0"), ByteOrder.nativeOrder())), "replication port");
  }

  @Test
  void aCutOrFlippedFileIsRefused() throws IOException {
    Path file = directory.resolve("cut.ring.gz");
    RingFile.write(file, RingsForTests.random(3, 8, 3, 6));
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 97) {
      refused(plain(Arrays.copyOf(whole, length)), "");
    }
    for (int at = 22; at < whole.length; at += 89) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 4;
      refused(plain(flipped), "");
    }
  }

  @Test
  void aBombIsRefusedWithoutHoldingIt() throws IOException {
    byte[] head =
        ByteBuffer.allocate(10)
            .put("R1NG".getBytes(StandardCharsets.US_ASCII))
            .putShort((short) 1)
            .putInt(Integer.MAX_VALUE)
            .array();
    refused(gzip(head), "claims 2147483647 bytes");
    String huge = "{\"devs\":" + DEVS + ",\"part_shift\":2,\"replica_count\":3}";
    refused(gzip(ring(1, huge, ByteOrder.nativeOrder(), 0)), "over 536870912 bytes");
  }

  @Test
  void aFailedWriteLeavesTheOldFile() throws IOException {
    Path file = directory.resolve("w.ring.gz");
    RingFile.write(file, RingsForTests.random(1, 4, 1, 3));
    byte[] old = Files.readAllBytes(file);
    RingDevice wide = RingDevice.of(new DeviceId(70_000), 1, 1, "h", 1, "d", 1);
    Ring unwritable = Ring.of(0, List.of(wide), new int[][] {{70_000}}, 1);

    assertThatThrownBy(() -> RingFile.write(file, unwritable, RingFormat.V1))
        .hasMessageContaining("65534");
    assertThat(Files.readAllBytes(file)).isEqualTo(old);
    assertThat(Files.list(directory)).containsExactly(file);
  }

  private void refused(Path file, String fault) {
    assertThatThrownBy(() -> RingFile.read(file))
        .isInstanceOf(RingFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(fault);
  }

  private Path plain(byte[] content) throws IOException {
    return Files.write(directory.resolve("f.ring.gz"), content);
  }

  private Path gzip(byte[] content) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(content);
    }
    return plain(zipped.toByteArray());
  }

  private static byte[] ring(int version, String json, ByteOrder order, int... ids)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeBytes("R1NG");
    out.writeShort(version);
    out.writeInt(json.length());
    out.writeBytes(json);
    for (int id : ids) {
      out.write(ByteBuffer.allocate(2).order(order).putShort((short) id).array());
    }
    return bytes.toByteArray();
  }
}
