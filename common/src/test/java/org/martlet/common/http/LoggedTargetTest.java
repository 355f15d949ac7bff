package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoggedTargetTest {
  @ParameterizedTest
  @CsvSource({
    "/v1/a/c/o%20p, /v1/a/c/o%20p",
    "/v1/a?format=json&limit=3, /v1/a?format=json&limit=3",
    "/v1/a/c/o?temp_url_sig=abcdef&temp_url_expires=1, "
        + "/v1/a/c/o?temp_url_sig=...&temp_url_expires=1",
    "/o?x=1&Temp%5FURL_sig=abc, /o?x=1&Temp%5FURL_sig=...",
    "/o?X-Amz-Signature=abc&y, /o?X-Amz-Signature=...&y",
    "/info?swiftinfo_sig=abc, /info?swiftinfo_sig=...",
    "/o?, /o?",
    "/o?a&&b=, /o?a&&b=",
    "https://h/p?key=abc, https://h/p?key=...",
  })
  void secretsAreLeftOut(String target, String shown) {
    assertThat(LoggedTarget.of(target)).isEqualTo(shown);
  }

  @Property(tries = 200)
  void nothingEndsALineOrAField(@ForAll String target) {
    String latin =
        target
            .chars()
            .map(c -> c & 0xff)
            .collect(StringBuilder::new, (text, c) -> text.append((char) c), StringBuilder::append)
            .toString();
    assertThat(LoggedTarget.of(latin).chars())
        .allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\');
  }
}
