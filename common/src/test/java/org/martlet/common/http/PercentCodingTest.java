package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PercentCodingTest {
  @Property
  void whatIsEncodedIsDecodedToTheSame(@ForAll String text) {
    if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
      assertThat(PercentCoding.decode(PercentCoding.encode(text))).isEqualTo(text);
      assertThat(PercentCoding.decode(PercentCoding.encodePath(text))).isEqualTo(text);
    }
  }

  @Property
  void encodedTextIsPlainAscii(@ForAll String text) {
    assertThat(PercentCoding.encode(text)).matches("[A-Za-z0-9_.~%-]*");
  }

  @Property
  void anyBytesAreDecodedOrRefused(@ForAll @CharRange(from = 0, to = 255) String wire) {
    String decoded = PercentCoding.decode(wire);
    if (decoded != null) {
      assertThat(decoded).isEqualTo(PercentCoding.decodeLeniently(wire));
    } else {
      assertThat(PercentCoding.decodeLeniently(wire)).contains("�");
    }
  }

  @Test
  void knownFormsAreAsInPython() {
    assertThat(PercentCoding.encodePath("/a b/ü~+%")).isEqualTo("/a%20b/%C3%BC~%2B%25");
    assertThat(PercentCoding.encode("a/b")).isEqualTo("a%2Fb");
    assertThat(PercentCoding.decode("%41%4g%")).isEqualTo("A%4g%");
    assertThat(PercentCoding.decode("a+b%2b")).isEqualTo("a+b+");
    assertThat(PercentCoding.decode("%c3%BC")).isEqualTo("ü");
    assertThat(PercentCoding.decode("Ã¼")).isEqualTo("ü");
  }

  @Test
  void whatIsNotUtf8IsRefused() {
    assertThat(PercentCoding.decode("%ff")).isNull();
    assertThat(PercentCoding.decode("%c3")).isNull();
    assertThat(PercentCoding.decode("%c0%80")).as("overlong").isNull();
    assertThat(PercentCoding.decode("%ed%a0%80")).as("surrogate").isNull();
  }

  @Property
  void latin1IsEncodedByteByByte(@ForAll @CharRange(from = 0, to = 255) String text) {
    String encoded = PercentCoding.encodeLatin1(text, "/:");
    assertThat(encoded).matches("[A-Za-z0-9_.~%/:-]*");
    assertThat(PercentCoding.decodeBytes(encoded))
        .isEqualTo(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%00", "a%00b", "%ff", "%c3", "%ed%a0%80", "%c0%af", "%f8%88%80%80%80"})
  void bytesThatAreNoTextAreNoName(String encoded) {
    assertThat(PercentCoding.decodeName(encoded)).isEmpty();
  }

  @Test
  void aNameMayHoldPercentSigns() {
    assertThat(PercentCoding.decodeName("100%")).contains("100%");
    assertThat(PercentCoding.decodeName("%zz%2")).contains("%zz%2");
  }

  @Test
  void nulIsDecodedForTheCallerToJudge() {
    assertThat(PercentCoding.decode("a%00b")).isEqualTo("a\0b");
  }
}
