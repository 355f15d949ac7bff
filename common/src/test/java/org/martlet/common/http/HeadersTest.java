package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
  @Test
  void findsNamesWithoutRegardToCase() {
    Headers headers = Headers.of("ETag", "a", "X-Foo", "1", "x-foo", "2");
    assertThat(headers.get("etag")).isEqualTo("a");
    assertThat(headers.all("X-FOO")).containsExactly("1", "2");
    assertThat(headers.names()).containsExactly("ETag", "X-Foo");
  }

  @Test
  void setReplacesEveryValue() {
    Headers headers = Headers.of("A", "1", "B", "2", "a", "3", "A", "4").set("a", "9");
    assertThat(headers.all("A")).containsExactly("9");
    assertThat(headers.get("b")).isEqualTo("2");
  }

  @Test
  void removeTakesEveryValue() {
    assertThat(Headers.of("A", "1", "a", "2", "B", "3").remove("A").names()).containsExactly("B");
  }

  @Test
  void aCopyIsIndependent() {
    Headers headers = Headers.of("A", "1");
    headers.copy().set("A", "2");
    assertThat(headers.get("A")).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX-Evil: 1", "a\nb", "\0", "\u0100"})
  void refusesValuesThatCouldBecomeHeaders(String value) {
    assertThatThrownBy(() -> new Headers().add("A", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("Evil");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "a\n", "\u007f"})
  void refusesNamesThatAreNone(String name) {
    assertThatThrownBy(() -> new Headers().add(name, "v"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
