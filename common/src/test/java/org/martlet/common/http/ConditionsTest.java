package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConditionsTest {
  private static final String ETAG = "d41d8cd98f00b204e9800998ecf8427e";
  private static final long MODIFIED = 784_111_777;
  private static final String AT = "Sun, 06 Nov 1994 08:49:37 GMT";
  private static final String BEFORE = "Sun, 06 Nov 1994 08:49:36 GMT";

  private static int status(String... headers) {
    return Conditions.status(Headers.of(headers), ETAG, MODIFIED);
  }

  @Test
  void letsAnObjectPassWithoutConditions() {
    assertThat(status()).isEqualTo(200);
    assertThat(status("If-Range", "\"other\"")).isEqualTo(200);
  }

  @Test
  void comparesTagsWithAndWithoutQuotes() {
    assertThat(status("If-None-Match", ETAG)).isEqualTo(304);
    assertThat(status("If-None-Match", "\"" + ETAG + "\"")).isEqualTo(304);
    assertThat(status("If-None-Match", "a, \"" + ETAG + "\"")).isEqualTo(304);
    assertThat(status("If-None-Match", "a", "If-None-Match", ETAG)).isEqualTo(304);
    assertThat(status("If-None-Match", "*")).isEqualTo(304);
    assertThat(status("If-None-Match", "a")).isEqualTo(200);
    assertThat(status("If-Match", "\"" + ETAG + "\"")).isEqualTo(200);
    assertThat(status("If-Match", "*")).isEqualTo(200);
    assertThat(status("If-Match", "a, b")).isEqualTo(412);
    assertThat(status("If-Match", "")).isEqualTo(200);
  }

  @Test
  void comparesDatesToTheSecond() {
    assertThat(status("If-Modified-Since", AT)).isEqualTo(304);
    assertThat(status("If-Modified-Since", BEFORE)).isEqualTo(200);
    assertThat(status("If-Unmodified-Since", AT)).isEqualTo(200);
    assertThat(status("If-Unmodified-Since", BEFORE)).isEqualTo(412);
    assertThat(status("If-Modified-Since", "yesterday")).isEqualTo(200);
  }

  @Test
  void looksAtTagsBeforeDates() {
    assertThat(status("If-None-Match", ETAG, "If-Unmodified-Since", BEFORE)).isEqualTo(304);
    assertThat(status("If-Match", "a", "If-Modified-Since", AT)).isEqualTo(412);
    assertThat(status("If-None-Match", ETAG, "If-Match", "a")).isEqualTo(304);
  }
}
