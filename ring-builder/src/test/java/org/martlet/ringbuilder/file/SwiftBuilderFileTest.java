package org.martlet.ringbuilder.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;
import org.martlet.ringbuilder.builder.RingBuilder;
import org.martlet.ringbuilder.builder.RingBuilderException;

/// `swift-2.30.builder` was made by Debian's swift-ring-builder: three devices with partitions,
/// one of them marked for removal, one device added since.
class SwiftBuilderFileTest {
  @TempDir Path directory;
  private byte[] golden = new byte[0];

  @BeforeEach
  void readGolden() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("swift-2.30.builder"))) {
      golden = in.readAllBytes();
    }
  }

  @Test
  void whatSwiftRemembersIsTakenOver() throws IOException, RingBuilderException {
    RingBuilder builder = read(golden);
    assertThat(builder.partPower()).isEqualTo(4);
    assertThat(builder.replicas()).isEqualTo(3);
    assertThat(builder.minPartHours()).isEqualTo(1);
    assertThat(builder.overload()).isEqualTo(0.1);
    assertThat(builder.version()).isEqualTo(8);
    assertThat(builder.devicesChanged()).isTrue();
    assertThat(builder.removed()).containsExactly(new DeviceId(2));
    assertThat(builder.devices())
        .extracting(RingDevice::label)
        .containsExactly(
            "d0r1z1-10.0.0.1:6200R10.0.0.1:6200/sd1_\"m1\"",
            "d1r1z2-10.0.0.2:6200R10.0.0.2:6200/sd2_\"m2\"",
            "d2r1z3-10.0.0.3:6200R10.0.0.3:6200/sd3_\"m3\"",
            "d3r2z1-[fe80::1]:6201R10.9.9.9:6301/sdx_\"hä\"");
    assertThat(builder.partitionsOn(new DeviceId(1))).isEqualTo(16);
    builder.validate();
  }

  @Test
  void itIsRebalancedAsIfItHadBeenMadeHere() throws IOException, RingBuilderException {
    RingBuilder builder = read(golden);
    builder.rebalance(1, () -> Instant.ofEpochSecond(2_000_000_000));
    builder.validate();
    assertThat(builder.devices()).hasSize(3);
    assertThat(builder.partitionsOn(new DeviceId(3))).isEqualTo(16);
  }

  @Test
  void everyFlipAndCutIsRefusedOrGivesABuilder() throws IOException {
    int refused = 0;
    for (int at = 0; at < golden.length; at++) {
      byte[] flipped = golden.clone();
      flipped[at] ^= (byte) (1 << (at % 8));
      refused += isRefused(flipped) ? 1 : 0;
      if (at % 8 == 0) {
        assertThat(isRefused(Arrays.copyOf(golden, at))).as("cut at %d", at).isTrue();
      }
    }
    assertThat(refused).isPositive();
  }

  /// `%` and two hexadecimal digits stand for a byte.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%80%02cos|more than plain values: os.system",
        "%80%02cdecimal|more than plain values",
        "%80%02cjava.lang.Runtime|more than plain values",
        "%80%02X%ff%ff%ff%7fabc|claims",
        "%80%02X%ff%ff%ff%ffabc|cut short",
        "%80%02T%ff%ff%ff%7fabc|claims",
        "%80%02]q%00h%00ah%00.|not a builder",
        "%80%02}q%00(]q%01h%01aK%01u.|keys",
        "%80%02}q%00(h%00K%01u.|keys",
        "%80%02)R.|array",
        "%80%02%8b%ff%ff%ff%7f|more than plain values",
        "%80%02.|damaged",
        "%80%02N.|not a builder",
        "%80%02}.|not a builder",
        "hello|not a builder of OpenStack Swift",
      })
  void hostilePicklesAreRefusedBeforeTheyAct(String text, String why) throws IOException {
    byte[] pickle = bytes(text.replace("cos", "cos\nsystem\n").replace("mal", "mal\nDecimal\n"));
    assertThatThrownBy(() -> read(pickle))
        .isInstanceOf(RingBuilderException.class)
        .hasMessageContaining(why)
        .hasMessageStartingWith(directory.toString());
  }

  /// One list of 3,000 numbers, remembered, and 3,000 arrays of it: 18 MB for 66 KB.
  @Test
  void manyArraysOfOneListAreRefused() throws IOException {
    StringBuilder text = new StringBuilder("%80%02]q%00(");
    text.append("K%01".repeat(3_000)).append("e]q%01(");
    text.append("carray\narray\nU%01Hh%00%86R".repeat(3_000)).append("e.");
    assertThatThrownBy(() -> read(bytes(text.toString())))
        .isInstanceOf(RingBuilderException.class)
        .hasMessageContaining("arrays of more values than it has bytes");
  }

  private static byte[] bytes(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String lines = text.replace("Runtime", "Runtime\nexec\n");
    for (int i = 0; i < lines.length(); i++) {
      if (lines.charAt(i) == '%') {
        out.write(Integer.parseInt(lines.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        out.write(lines.charAt(i));
      }
    }
    return out.toByteArray();
  }

  private boolean isRefused(byte[] pickle) throws IOException {
    try {
      read(pickle);
      return false;
    } catch (RingBuilderException e) {
      assertThat(e.getMessage()).startsWith(directory.toString()).doesNotContain("\n");
      return true;
    }
  }

  private RingBuilder read(byte[] pickle) throws IOException, RingBuilderException {
    return SwiftBuilderFile.read(Files.write(directory.resolve("x.builder"), pickle));
  }
}
