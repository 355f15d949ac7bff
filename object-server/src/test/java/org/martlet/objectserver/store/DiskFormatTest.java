package org.martlet.objectserver.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/// Every byte of the golden device is what the tables of `docs/disk-format.md` say, decoded here by
/// their offsets alone, with nothing of the product.
class DiskFormatTest {
  private static final int HEADER = 64;
  private static final int BLOCK = 64 * 1024;
  private static final List<String> KINDS =
      List.of(
          "",
          "put-inline",
          "put-blob",
          "post",
          "delete",
          "relocate",
          "drop",
          "purge",
          "quarantine");
  private static final List<String> PLACES = List.of("none", "here", "record", "blob");

  /// A record with its envelope, as far as it has one.
  private record Decoded(
      int volume,
      long offset,
      int length,
      int headLength,
      String kind,
      byte[] key,
      long sequence,
      int oldest,
      Body body) {

    List<Long> location() {
      return List.of((long) volume, offset, (long) length, (long) headLength);
    }
  }

  /// What an envelope says.
  ///
  /// @param at in another record: its location; in a blob: its id
  private record Body(
      boolean tombstone,
      long[] data,
      byte[] md5,
      long size,
      long[] type,
      long[] metadata,
      int crc,
      long due,
      String place,
      List<Long> at,
      int headersTag) {}

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int crc(byte[]... parts) {
    CRC32C crc = new CRC32C();
    for (byte[] part : parts) {
      crc.update(part);
    }
    return (int) crc.getValue();
  }

  private static byte[] part(byte[] bytes, int from, int length) {
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  private static List<Integer> volumes() {
    return List.of(1, 3, 4);
  }

  private static byte[] volume(int number) throws IOException {
    return GoldenDevice.golden("volumes/0000000" + number + ".vol");
  }

  private static UUID device() throws IOException {
    String json = new String(GoldenDevice.golden("device.json"), UTF_8);
    assertThat(json).contains("\"cluster\" : \"c1\"").contains("\"format\" : 1");
    return UUID.fromString(json.replaceAll("(?s).*\"device\" : \"([^\"]*)\".*", "$1"));
  }

  @Test
  void volumeHeadersAreAsTheTableSays() throws IOException {
    for (int number : volumes()) {
      byte[] bytes = volume(number);
      ByteBuffer header = little(bytes);
      assertThat(part(bytes, 0, 8)).isEqualTo("MRTLTVOL".getBytes(US_ASCII));
      assertThat(header.getInt(8)).as("version").isEqualTo(1);
      assertThat(header.getInt(12)).as("number").isEqualTo(number);
      assertThat(new UUID(header.getLong(16), header.getLong(24))).isEqualTo(device());
      assertThat(header.getLong(32)).as("salt").isNotZero();
      assertThat(header.getInt(40)).as("epoch").isEqualTo(1);
      assertThat(header.getInt(44)).as("the one before").isEqualTo(number - 1);
      if (volumes().contains(number - 1)) {
        assertThat(header.getLong(48)).as("its length").isEqualTo(volume(number - 1).length);
      }
      assertThat(header.getLong(56)).as("ticks of 10 µs").isEqualTo(1_700_000_000_00000L);
      assertThat(part(bytes, 64, 444)).containsOnly(0);
      assertThat(header.getInt(508)).isEqualTo(crc(part(bytes, 0, 508)));
      assertThat(part(bytes, 512, 512)).isEqualTo(part(bytes, 0, 512));
    }
  }

  /// Decodes all records, and checks every byte on the way.
  private static List<Decoded> records() throws IOException {
    List<Decoded> records = new ArrayList<>();
    for (int number : volumes()) {
      byte[] bytes = volume(number);
      for (int offset = 1024; offset < bytes.length; ) {
        Decoded record = record(number, bytes, offset);
        records.add(record);
        offset += record.length();
      }
    }
    return records;
  }

  private static Decoded record(int number, byte[] bytes, int offset) {
    ByteBuffer at = little(part(bytes, offset, HEADER));
    byte[] salt = part(bytes, 32, 8);
    byte[] place = little(new byte[8]).putLong(offset).array();
    assertThat(offset % 8).isZero();
    assertThat(part(bytes, offset, 4)).isEqualTo("MTRC".getBytes(US_ASCII));
    assertThat(at.get(5)).as("flags").isEqualTo((byte) 1);
    assertThat(at.get(6)).as("variant").isEqualTo((byte) 255);
    assertThat(at.get(7)).isZero();
    assertThat(at.getShort(10)).isZero();
    assertThat(at.getLong(48)).as("synced to").isBetween(1024L, (long) offset);
    assertThat(at.getInt(60)).isEqualTo(crc(salt, place, part(bytes, offset, 60)));
    int envelopeLength = at.getInt(12);
    int bodyLength = at.getInt(40);
    byte[] envelope = part(bytes, offset + HEADER, envelopeLength);
    assertThat(at.getInt(44)).isEqualTo(crc(envelope));
    int bodyFrom = offset + HEADER + envelopeLength;
    byte[] body = part(bytes, bodyFrom, bodyLength);
    int blocks = (bodyLength + BLOCK - 1) / BLOCK;
    byte[] table = part(bytes, bodyFrom + bodyLength, 4 * blocks);
    assertBlocks(body, table);
    int tail = bodyFrom + bodyLength + table.length;
    assertThat(little(part(bytes, tail, 4)).getInt())
        .isEqualTo(crc(salt, place, part(bytes, offset, HEADER), table));
    int end = (tail + 4 + 7) / 8 * 8;
    assertThat(part(bytes, tail + 4, end - tail - 4)).as("padding").containsOnly(0);
    byte[] key = new byte[19];
    ByteBuffer.wrap(key).putShort(at.getShort(8)).put(part(bytes, offset + 24, 16)).put(at.get(6));
    Body decoded = envelopeLength == 0 ? null : envelope(envelope);
    if (decoded != null && decoded.place().equals("here")) {
      assertThat(decoded.size()).isEqualTo(bodyLength);
      assertThat(decoded.crc()).isEqualTo(crc(body));
      assertThat(decoded.md5()).isEqualTo(md5(body));
    }
    return new Decoded(
        number,
        offset,
        end - offset,
        HEADER + envelopeLength,
        KINDS.get(at.get(4)),
        key,
        at.getLong(16),
        at.getInt(56),
        decoded);
  }

  private static void assertBlocks(byte[] body, byte[] table) {
    for (int block = 0; block * BLOCK < body.length; block++) {
      int length = Math.min(BLOCK, body.length - block * BLOCK);
      assertThat(little(table).getInt(4 * block)).isEqualTo(crc(part(body, block * BLOCK, length)));
    }
  }

  private static byte[] hash(String algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] md5(byte[] bytes) {
    return hash("MD5", bytes);
  }

  private static long[] timestamp(ByteBuffer from, int offset) {
    return new long[] {from.getLong(offset), from.getLong(offset + 8)};
  }

  private static Body envelope(byte[] bytes) {
    ByteBuffer from = little(bytes);
    assertThat(from.get(0)).as("version").isEqualTo((byte) 1);
    int place = from.get(86);
    List<Long> at =
        switch (place) {
          case 2 ->
              List.of(
                  (long) from.getInt(87),
                  from.getLong(91),
                  (long) from.getInt(99),
                  (long) from.getInt(103));
          case 3 -> List.of(from.getLong(87));
          default -> List.of();
        };
    from.position(87 + new int[] {0, 0, 20, 8}[place]);
    assertThat(new String(sized(from), UTF_8)).startsWith("/AUTH_test/c/object/");
    byte[] type = sized(from);
    byte[] data = headers(from);
    byte[] metadata = headers(from);
    assertThat(from.hasRemaining()).isFalse();
    return new Body(
        (from.get(1) & 1) != 0,
        timestamp(from, 2),
        part(bytes, 18, 16),
        from.getLong(34),
        timestamp(from, 42),
        timestamp(from, 58),
        from.getInt(74),
        from.getLong(78),
        PLACES.get(place),
        at,
        crc(data, type, metadata));
  }

  private static byte[] sized(ByteBuffer from) {
    byte[] bytes = new byte[from.getInt()];
    from.get(bytes);
    return bytes;
  }

  /// The bytes of a map of headers.
  private static byte[] headers(ByteBuffer from) {
    int start = from.position();
    for (int left = from.getShort(); left > 0; left--) {
      from.position(from.position() + 2 + from.getShort(from.position()));
      sized(from);
    }
    return part(from.array(), start, from.position() - start);
  }

  @Test
  void recordsAreAsTheTablesSayAndAreOfEveryKindAndPlace() throws IOException {
    TreeSet<String> kinds = new TreeSet<>();
    long sequence = 0;
    for (Decoded record : records()) {
      kinds.add(record.kind() + (record.body() == null ? "" : "/" + record.body().place()));
      assertThat(record.sequence()).isGreaterThan(sequence);
      sequence = record.sequence();
      assertThat(record.sequence() >>> 40).as("epoch").isEqualTo(1);
      assertThat(record.oldest()).isBetween(1, record.volume());
    }
    assertThat(kinds)
        .containsExactly(
            "delete/none",
            "drop",
            "post/blob",
            "post/record",
            "purge",
            "put-blob/blob",
            "put-inline/here",
            "quarantine",
            "relocate/blob",
            "relocate/here",
            "relocate/none");
  }

  @Test
  void blobFilesAreAsTheTableSays() throws IOException {
    for (Decoded record : records()) {
      if (record.body() == null || !record.body().place().equals("blob")) {
        continue;
      }
      long id = record.body().at().getFirst();
      byte[] file = GoldenDevice.golden(String.format("blobs/%02x/%016x", id & 0xff, id));
      int size = (int) record.body().size();
      int table = 4 * ((size + BLOCK - 1) / BLOCK);
      byte[] body = part(file, 0, size);
      assertThat(file).hasSize(size + table + 40);
      assertThat(md5(body)).isEqualTo(record.body().md5());
      assertBlocks(body, part(file, size, table));
      ByteBuffer footer = little(part(file, size + table, 40));
      assertThat(part(footer.array(), 0, 8)).isEqualTo("MARTBLOB".getBytes(US_ASCII));
      assertThat(footer.getInt(8)).isEqualTo(1);
      assertThat(footer.getInt(12)).isZero();
      assertThat(footer.getLong(16)).isEqualTo(id);
      assertThat(footer.getLong(24)).isEqualTo(size);
      assertThat(footer.getInt(32)).isEqualTo(crc(body)).isEqualTo(record.body().crc());
      assertThat(footer.getInt(36)).isEqualTo(crc(part(file, size, table + 36)));
    }
  }

  @Test
  void indexEntriesAreAsTheTableSaysAndPointToTheNewestRecords() throws IOException {
    Map<String, Decoded> newest = newest();
    int entries = 0;
    for (GoldenDevice.IndexLine line : GoldenDevice.indexLines(GoldenDevice.INDEX)) {
      if (line.family().equals("objects")) {
        entries++;
        assertEntry(line.value(), newest.get(Arrays.toString(line.key())));
      }
    }
    assertThat(entries).isEqualTo(newest.size());
  }

  private static Map<String, Decoded> newest() throws IOException {
    Map<String, Decoded> newest = new HashMap<>();
    records().forEach(record -> newest.put(Arrays.toString(record.key()), record));
    return newest;
  }

  private static void assertEntry(byte[] value, Decoded record) {
    ByteBuffer from = ByteBuffer.wrap(value);
    Body body = record.body();
    assertThat(from.get()).as("version").isEqualTo((byte) 1);
    int flags = from.get();
    assertThat((flags & 1) != 0).as("present").isEqualTo(body != null);
    assertThat(from.getLong()).isEqualTo(record.sequence());
    assertThat(location(from)).isEqualTo(record.location());
    assertThat(varint(from)).isEqualTo(record.volume() - record.oldest());
    if (body == null) {
      assertThat(flags).isZero();
      assertThat(from.hasRemaining()).isFalse();
      return;
    }
    assertThat((flags & 2) != 0).as("tombstone").isEqualTo(body.tombstone());
    assertThat(List.of("none", "here", "record", "blob").get((flags & 12) >> 2))
        .isEqualTo(body.place());
    if (body.place().equals("record")) {
      assertThat(location(from)).isEqualTo(body.at());
    } else if (body.place().equals("blob")) {
      assertThat(from.getLong()).isEqualTo(body.at().getFirst());
    }
    assertThat((flags & 16) == 0 ? 0 : varint(from)).isEqualTo(body.due());
    assertThat(from.getLong()).isEqualTo(body.data()[0]);
    assertThat(varint(from)).isEqualTo(body.data()[1]);
    if (!body.tombstone()) {
      byte[] md5 = new byte[16];
      from.get(md5);
      assertThat(md5).isEqualTo(body.md5());
      assertThat(varint(from)).isEqualTo(body.size());
    }
    for (long[] clock : List.of(body.type(), body.metadata())) {
      assertThat(body.data()[0] + zigzag(from)).isEqualTo(clock[0]);
      assertThat(body.data()[1] + zigzag(from)).isEqualTo(clock[1]);
    }
    assertThat(from.getInt()).isEqualTo(body.headersTag());
    assertThat(from.hasRemaining()).isFalse();
  }

  private static List<Long> location(ByteBuffer from) {
    return List.of(varint(from), varint(from), varint(from), varint(from));
  }

  private static long zigzag(ByteBuffer from) {
    long value = varint(from);
    return (value >>> 1) ^ -(value & 1);
  }

  private static long varint(ByteBuffer from) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = from.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  @Test
  void theRestOfTheIndexFollowsFromTheRecordsAsTheTablesSay() throws IOException {
    Map<String, String> expected = new TreeMap<>();
    Map<Integer, long[]> counts = new TreeMap<>();
    Map<Integer, Long> live = new TreeMap<>();
    Map<Integer, Long> gone = new TreeMap<>();
    Map<String, byte[]> leaves = new TreeMap<>();
    for (Decoded record : newest().values()) {
      follow(record, expected, counts, live, gone, leaves);
    }
    leaves.forEach((leaf, digest) -> expected.put("digests " + leaf, Arrays.toString(digest)));
    counts.forEach((policy, c) -> expected.put(meta('c', 2, policy), Arrays.toString(longs(c))));
    live.forEach((volume, b) -> expected.put(meta('v', 4, volume), Arrays.toString(longs(b))));
    gone.forEach(
        (at, b) ->
            expected.put(
                "meta "
                    + Arrays.toString(
                        ByteBuffer.allocate(6)
                            .put((byte) 'g')
                            .putInt(at >> 8)
                            .put((byte) (at & 0xff))
                            .array()),
                Arrays.toString(longs(b))));
    int end = volume(4).length;
    expected.put(
        "meta " + Arrays.toString(new byte[] {'p'}),
        Arrays.toString(ByteBuffer.allocate(16).putInt(4).putLong(end).putInt(1).array()));
    expected.put("meta " + Arrays.toString(new byte[] {'i'}), Arrays.toString(identity()));
    Map<String, String> found = new TreeMap<>();
    for (GoldenDevice.IndexLine line : GoldenDevice.indexLines(GoldenDevice.INDEX)) {
      if (!line.family().equals("objects")) {
        found.put(line.family() + " " + Arrays.toString(line.key()), Arrays.toString(line.value()));
      }
    }
    assertThat(found).isEqualTo(expected);
  }

  private static void follow(
      Decoded record,
      Map<String, String> expected,
      Map<Integer, long[]> counts,
      Map<Integer, Long> live,
      Map<Integer, Long> gone,
      Map<String, byte[]> leaves) {
    Body body = record.body();
    if (body == null) {
      int reach = Integer.SIZE - Integer.numberOfLeadingZeros(record.volume() - record.oldest());
      gone.merge(record.volume() << 8 | reach, (long) record.length(), Long::sum);
      return;
    }
    live.merge(record.volume(), (long) record.length(), Long::sum);
    if (body.place().equals("record")) {
      live.merge(body.at().getFirst().intValue(), body.at().get(2), Long::sum);
    } else if (body.place().equals("blob")) {
      byte[] id = longs(body.at().getFirst());
      expected.put("blobs " + Arrays.toString(id), Arrays.toString(record.key()));
    }
    for (int target = 0; target < 64; target++) {
      if ((body.due() >> target & 1) != 0) {
        byte[] key =
            ByteBuffer.allocate(28)
                .putLong(record.sequence())
                .put(record.key())
                .put((byte) target)
                .array();
        expected.put("due " + Arrays.toString(key), "[]");
      }
    }
    int policy = ByteBuffer.wrap(record.key()).getShort();
    long[] count = counts.computeIfAbsent(policy, none -> new long[3]);
    count[0] += body.tombstone() ? 0 : 1;
    count[1] += body.tombstone() ? 0 : body.size();
    count[2] += body.tombstone() ? 1 : 0;
    byte[] leaf =
        ByteBuffer.allocate(6)
            .putShort((short) policy)
            .putInt((record.key()[2] & 0xff) >> 4)
            .array();
    leaves.merge(Arrays.toString(leaf), digest(record), DiskFormatTest::xor);
  }

  private static byte[] digest(Decoded record) {
    Body body = record.body();
    ByteBuffer state = ByteBuffer.allocate(97).put((byte) 1).put(record.key());
    state.put((byte) (body.tombstone() ? 1 : 0));
    for (long[] clock : List.of(body.data(), body.type(), body.metadata())) {
      state.putLong(clock[0]).putLong(clock[1]);
    }
    state.put(body.md5()).putLong(body.size()).putInt(body.headersTag());
    assertThat(state.hasRemaining()).isFalse();
    return part(hash("SHA-256", "cluster secret".getBytes(UTF_8), state.array()), 0, 16);
  }

  private static byte[] xor(byte[] a, byte[] b) {
    byte[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] ^= b[i];
    }
    return sum;
  }

  private static byte[] longs(long... values) {
    ByteBuffer to = ByteBuffer.allocate(8 * values.length);
    for (long value : values) {
      to.putLong(value);
    }
    return to.array();
  }

  private static String meta(char prefix, int width, int number) {
    ByteBuffer key = ByteBuffer.allocate(1 + width).put((byte) prefix);
    return "meta "
        + Arrays.toString((width == 2 ? key.putShort((short) number) : key.putInt(number)).array());
  }

  private static byte[] identity() throws IOException {
    byte[] check =
        part(hash("SHA-256", "check".getBytes(UTF_8), "cluster secret".getBytes(UTF_8)), 0, 8);
    UUID device = device();
    return ByteBuffer.allocate(27)
        .put((byte) 3)
        .putLong(device.getMostSignificantBits())
        .putLong(device.getLeastSignificantBits())
        .put((byte) 4)
        .put((byte) 1)
        .put(check)
        .array();
  }
}
