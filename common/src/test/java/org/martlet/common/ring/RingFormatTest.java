package org.martlet.common.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.model.DeviceId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Format 2 of ring files, and damage of both formats.
class RingFormatTest {
  @TempDir Path directory;

  @Property(tries = 100)
  void whatIsWrittenIsRead(
      @ForAll long seed,
      @ForAll @IntRange(max = 10) int power,
      @ForAll @IntRange(min = 2, max = 7) int halves,
      @ForAll boolean fourBytes)
      throws IOException {
    Path file = Files.createTempFile("property", ".ring.gz");
    try {
      Ring ring = RingsForTests.random(seed, power, halves / 2.0, 7);
      RingFormat format = RingFormat.V2.withDeviceIdBytes(fourBytes ? 4 : 2);
      RingFile.write(file, ring, format);
      same(RingFile.read(file), ring);
      assertThat(RingFile.format(file)).isEqualTo(format);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void idsBeyondTwoBytesAreKeptInFour() throws IOException {
    Path file = directory.resolve("object.ring.gz");
    List<RingDevice> devices =
        List.of(
            RingsForTests.device(3, 1, 1, "10.0.0.1"),
            RingDevice.of(new DeviceId(70000), 1, 1, "10.0.0.2", 6200, "d", 1));
    Ring ring = Ring.of(1, devices, new int[][] {{3, 70000}, {70000}}, 7);
    RingFile.write(file, ring);
    same(RingFile.read(file), ring);
    assertThat(RingFile.format(file).deviceIdBytes()).isEqualTo(4);
    assertThatThrownBy(() -> RingFile.write(file, ring, RingFormat.V2))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("4 bytes");
    assertThatThrownBy(() -> RingFile.write(file, ring, RingFormat.V1))
        .isInstanceOf(IOException.class);
    same(RingFile.read(file), ring);
  }

  @Test
  void sectionsOfOthersAreKept() throws IOException {
    Path file = directory.resolve("object.ring.gz");
    Ring ring = RingsForTests.random(1, 4, 3, 4);
    byte[] content = "more of it".repeat(9000).getBytes(StandardCharsets.US_ASCII);
    RingFile.write(file, ring, RingFormat.V2.withOtherSections(Map.of("acme/racks", content)));
    same(RingFile.read(file), ring);
    Map<String, byte[]> others = RingFile.format(file).otherSections();
    assertThat(others).containsOnlyKeys("acme/racks");
    assertThat(others.get("acme/racks")).isEqualTo(content);
  }

  @Test
  void theBytesAreLaidOutAsSwiftsReaderSeeks() throws IOException {
    Path file = directory.resolve("object.ring.gz");
    Ring ring = RingsForTests.random(9, 6, 2.5, 5);
    RingFile.write(file, ring, RingFormat.V2);
    byte[] bytes = Files.readAllBytes(file);
    assertThat(HexFormat.of().formatHex(bytes, 0, 10)).isEqualTo("1f8b0808f42a844d02ff");

    String tail = HexFormat.of().formatHex(bytes, bytes.length - 49, bytes.length - 8);
    assertThat(tail)
        .matches(
            "000800f7ff\\p{XDigit}{16}000000ffff000800f7ff\\p{XDigit}{16}000000ffff010000ffff");
    byte[] plain = gunzip(bytes);
    long indexAt = ByteBuffer.wrap(inflate(bytes, bytes.length - 31, 8)).getLong();
    long plainIndexAt = ByteBuffer.wrap(plain).getLong(plain.length - 16);
    assertThat(ByteBuffer.wrap(plain).getLong(plain.length - 8)).isEqualTo(indexAt);
    int length = (int) ByteBuffer.wrap(inflate(bytes, (int) indexAt, 8)).getLong();
    byte[] text = Arrays.copyOfRange(inflate(bytes, (int) indexAt, 8 + length), 8, 8 + length);
    assertThat(Arrays.copyOfRange(plain, (int) plainIndexAt + 8, plain.length - 16))
        .isEqualTo(text);

    JsonNode index = new JsonMapper().readTree(text);
    assertThat(index.propertyNames())
        .containsExactly("swift/ring/metadata", "swift/ring/devices", "swift/ring/assignments");
    for (JsonNode entry : index) {
      int from = entry.get(1).intValue();
      int to = entry.get(3).intValue();
      assertThat(inflate(bytes, entry.get(0).intValue(), to - from))
          .isEqualTo(Arrays.copyOfRange(plain, from, to));
      int end = entry.get(2).intValue();
      assertThat(HexFormat.of().formatHex(bytes, end - 4, end)).isEqualTo("0000ffff");
    }
    assertThat(new String(plain, StandardCharsets.ISO_8859_1))
        .startsWith("R1NG\0\2")
        .contains("{\"dev_id_bytes\":2,\"part_shift\":26,\"replica_count\":2.5,\"version\":");
  }

  @Test
  void everySingleFlipAndCutIsRefusedOrGivesTheSameRing() throws IOException {
    Path file = directory.resolve("object.ring.gz");
    Ring ring = RingsForTests.random(5, 5, 2.5, 4);
    for (RingFormat format :
        List.of(
            RingFormat.V1,
            RingFormat.V2.withOtherSections(Map.of("acme/x", new byte[] {1, 2, 3})))) {
      RingFile.write(file, ring, format);
      byte[] good = Files.readAllBytes(file);
      int refused = 0;
      for (int at = 0; at < good.length; at++) {
        byte[] flipped = good.clone();
        flipped[at] ^= (byte) (1 << (at % 8));
        refused += refusedOrSame(file, flipped, ring) ? 1 : 0;
        refused += refusedOrSame(file, Arrays.copyOf(good, at), ring) ? 1 : 0;
      }
      assertThat(refused).isGreaterThan(good.length);
    }
  }

  @Property(tries = 300)
  void randomDamageIsRefusedOrGivesTheSameRing(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    Path file = Files.createTempFile("property", ".ring.gz");
    try {
      Ring ring = RingsForTests.random(seed, 3, 2, 3);
      RingFile.write(file, ring, random.nextBoolean() ? RingFormat.V1 : RingFormat.V2);
      byte[] bytes = Files.readAllBytes(file);
      for (int i = random.nextInt(6); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      refusedOrSame(file, bytes, ring);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void claimsAndBombsAreRefusedBeforeTheyAreHeld() throws IOException {
    Path file = directory.resolve("bomb.ring.gz");
    Files.write(file, gzip(new byte[] {'R', '1', 'N', 'G', 0, 1, 0x7f, 0, 0, 0}));
    refused(file, "claims");
    byte[] head = "R1NG\0\1\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    String json = "{\"devs\":[],\"part_shift\":2,\"replica_count\":1024}";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(head);
    out.write(json.length());
    out.write(json.getBytes(StandardCharsets.US_ASCII));
    Files.write(file, gzip(out.toByteArray()));
    refused(file, "over 536870912 bytes");
  }

  @Test
  void aRecompressedFileOfFormat2IsRefusedWithTheReason() throws IOException {
    Path file = directory.resolve("object.ring.gz");
    RingFile.write(file, RingsForTests.random(9, 6, 2.5, 5), RingFormat.V2);
    Files.write(file, gzip(gunzip(Files.readAllBytes(file))));
    assertThatThrownBy(() -> RingFile.read(file))
        .isInstanceOf(RingFileException.class)
        .hasMessageStartingWith(file + ": ");
  }

  /// True if refused.
  private static boolean refusedOrSame(Path file, byte[] bytes, Ring ring) throws IOException {
    Files.write(file, bytes);
    try {
      same(RingFile.read(file), ring);
      return false;
    } catch (RingFileException e) {
      assertThat(e).hasMessageStartingWith(file + ": ").message().doesNotContain("\n");
      return true;
    }
  }

  private static void refused(Path file, String why) {
    assertThatThrownBy(() -> RingFile.read(file))
        .isInstanceOf(RingFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(why);
  }

  private static void same(Ring read, Ring ring) {
    assertThat(read.devices()).isEqualTo(ring.devices());
    assertThat(read.placesAs(ring)).isTrue();
    assertThat(read.version()).isEqualTo(ring.version());
    assertThat(read.replicaCount()).isEqualTo(ring.replicaCount());
  }

  private static byte[] inflate(byte[] bytes, int from, int length) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(bytes, from, bytes.length - from);
      byte[] plain = new byte[length];
      assertThat(inflater.inflate(plain)).isEqualTo(length);
      return plain;
    } catch (DataFormatException e) {
      throw new AssertionError("nothing to inflate at " + from, e);
    } finally {
      inflater.end();
    }
  }

  private static byte[] gunzip(byte[] bytes) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    }
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zipped = new GZIPOutputStream(out)) {
      zipped.write(plain);
    }
    return out.toByteArray();
  }
}
