package org.martlet.proxyserver.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlDecodingTest {
  @Property(tries = 300)
  void everyNameSurvivesEncodingAndDecoding(@ForAll String name) {
    boolean encodable = StandardCharsets.UTF_8.newEncoder().canEncode(name);
    if (encodable && name.indexOf('\0') < 0) {
      assertThat(UrlDecoding.name(UrlEncoding.path(name))).contains(name);
      assertThat(UrlDecoding.name(UrlEncoding.component(name))).contains(name);
    }
  }

  @Test
  void aPercentSignWithoutTwoDigitsStandsForItself() {
    assertThat(UrlDecoding.name("100%")).contains("100%");
    assertThat(UrlDecoding.name("%zz%2")).contains("%zz%2");
    assertThat(UrlDecoding.name("%41%")).contains("A%");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%00", "a%00b", "%ff", "%c3", "%ed%a0%80", "%c0%af", "%f8%88%80%80%80"})
  void bytesThatAreNoTextAreNoName(String encoded) {
    assertThat(UrlDecoding.name(encoded)).isEmpty();
  }

  @Test
  void aQueryDecodesPlusAndTakesTheLastOfSeveral() {
    QueryParameters query = QueryParameters.parse("a=1&b=x+y%2B&a=2&c&&d=");
    assertThat(query.get("a")).contains("2");
    assertThat(query.get("b")).contains("x y+");
    assertThat(query.get("c")).contains("");
    assertThat(query.get("d")).contains("");
    assertThat(query.get("e")).isEmpty();
    assertThat(QueryParameters.parse("").isEmpty()).isTrue();
  }
}
