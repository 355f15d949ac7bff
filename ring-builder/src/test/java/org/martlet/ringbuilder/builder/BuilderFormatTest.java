package org.martlet.ringbuilder.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.Ring;

class BuilderFormatTest {
  private final Clusters.HandClock clock = new Clusters.HandClock();

  @Property(tries = 50)
  void whatIsWrittenIsRead(@ForAll long seed) throws RingBuilderException, IOException {
    RingBuilder builder = Clusters.random(seed, 6, 2.5, 9, 0.25);
    RingBuilder unassigned = read(write(builder));
    assertSame(unassigned, builder);

    builder.rebalance(seed, clock);
    builder.remove(builder.devices().get(4).id());
    RingBuilder read = read(write(builder));
    assertSame(read, builder);
    assertThat(read.toRing().placesAs(builder.toRing())).isTrue();
    assertThat(read.rebalance(7, clock)).isEqualTo(builder.rebalance(7, clock));
    assertThat(read.toRing().placesAs(builder.toRing())).isTrue();
  }

  @Test
  void damageIsFoundAndNamed() throws RingBuilderException, IOException {
    RingBuilder builder = Clusters.flat(6, 3, 4);
    builder.rebalance(1, clock);
    byte[] whole = write(builder);
    for (int length = 0; length < whole.length; length += 13) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(cut))
          .isInstanceOfAny(RingBuilderException.class, IOException.class);
    }
    for (int at = 10; at < whole.length; at += 7) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 16;
      assertRefusedOrUnharmed(flipped, builder);
    }
  }

  /// The last bits of a compressed stream are padding: changed, they change nothing.
  private static void assertRefusedOrUnharmed(byte[] flipped, RingBuilder original)
      throws IOException {
    try {
      assertSame(read(flipped), original);
    } catch (RingBuilderException e) {
      assertThat(e).message().isNotBlank();
    }
  }

  @Test
  void whatIsNotABuilderIsRefusedWithTheReason() throws RingBuilderException, IOException {
    RingBuilder builder = Clusters.flat(4, 3, 4);
    builder.rebalance(1, clock);
    String json = unzip(write(builder));

    refused("\u0080\u0002}".getBytes(StandardCharsets.ISO_8859_1), "import THIS.builder");
    refused("hello".getBytes(StandardCharsets.UTF_8), "not a builder file");
    refused(zip("{}"), "format is not");
    refused(zip("[1, 2"), "not a builder file");
    refused(zip(json.replace("\"version\":1,", "\"version\":2,")), "version 2");
    refused(zip(json.replace("\"part_power\":4", "\"part_power\":40")), "part power");
    refused(zip(json.replace("\"part_power\":4", "\"part_power\":5")), "wrong length");
    refused(zip(json.replace("\"replicas\":3.0", "\"replicas\":\"x\"")), "replicas");
    refused(zip(json.replace("\"id\":2,", "\"id\":1,")), "twice");
    refused(zip(json.replace("\"id\":2,", "\"id\":9,")), "beyond");
    refused(zip(json.replace("\"next_device_id\":4", "\"next_device_id\":999999")), "beyond");
    refused(zip(json.replace("\"port\":6200", "\"port\":0")), "port");
    refused(
        zip(json.replaceAll("\"assignment\":\\[\"....", "\"assignment\":[\"////")),
        "no known device");
    refused(zip(json.replaceAll("\"assignment\":\\[\"[^\"]*\"", "\"assignment\":[\"AAAA\"")), "");
    refused(zip(json.replaceAll("\"assignment\":\\[\"[^\"]*\"", "\"assignment\":[\"*\"")), "");
    refused(zip(json.replaceAll("\"last_moved\":\"[^\"]*\"", "\"last_moved\":3")), "");
  }

  @Test
  void aLostBuilderIsRecreatedFromItsRing() throws RingBuilderException {
    RingBuilder lost = Clusters.flat(6, 2.5, 5);
    lost.rebalance(1, clock);
    Ring ring = lost.toRing();
    RingBuilder again = RingBuilder.fromRing(ring, 24);

    assertThat(again.toRing().placesAs(ring)).isTrue();
    assertThat(again.version()).isEqualTo(ring.version());
    assertThat(again.devices()).isEqualTo(lost.devices());
    assertThat(again.replicas()).isEqualTo(2.5);
    again.remove(new DeviceId(0));
    again.rebalance(2, clock);
    again.validate();
  }

  private static void assertSame(RingBuilder read, RingBuilder written) {
    assertThat(read.id()).isEqualTo(written.id());
    assertThat(read.version()).isEqualTo(written.version());
    assertThat(read.replicas()).isEqualTo(written.replicas());
    assertThat(read.overload()).isEqualTo(written.overload());
    assertThat(read.minPartHours()).isEqualTo(written.minPartHours());
    assertThat(read.devices()).isEqualTo(written.devices());
    assertThat(read.removed()).isEqualTo(written.removed());
    assertThat(read.devicesChanged()).isEqualTo(written.devicesChanged());
    assertThat(read.rows).isDeepEqualTo(written.rows);
    assertThat(read.lastMoves.seconds()).isEqualTo(written.lastMoves.seconds());
  }

  private static void refused(byte[] content, String why) {
    assertThatThrownBy(() -> read(content))
        .isInstanceOf(RingBuilderException.class)
        .hasMessageContaining(why);
  }

  private static byte[] write(RingBuilder builder) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BuilderFormat.write(builder, out);
    return out.toByteArray();
  }

  private static RingBuilder read(byte[] content) throws RingBuilderException, IOException {
    return BuilderFormat.read(new ByteArrayInputStream(content));
  }

  private static byte[] zip(String json) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zipped = new GZIPOutputStream(out)) {
      zipped.write(json.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  private static String unzip(byte[] content) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(content))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
