package org.martlet.common.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.http.Headers;

class BackendSignatureTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final byte[] SECRET = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final BackendSignature signature = at(NOW);

  private static BackendSignature at(Instant now) {
    return BackendSignature.with(SECRET, InstantSource.fixed(now));
  }

  private Headers signed() {
    Headers headers = new Headers();
    signature.sign("PUT", "/d1/5/a/c/o?x=1", 7, headers);
    return headers;
  }

  @Test
  void acceptsWhatItSigned() {
    assertThat(signature.refusal("PUT", "/d1/5/a/c/o?x=1", 7, signed())).isNull();
  }

  @Test
  void refusesAnotherMethodTargetOrLength() {
    assertThat(signature.refusal("GET", "/d1/5/a/c/o?x=1", 7, signed())).contains("signature");
    assertThat(signature.refusal("PUT", "/d1/5/a/c/o?x=2", 7, signed())).contains("signature");
    assertThat(signature.refusal("PUT", "/d1/5/a/c/o?x=1", 8, signed())).contains("signature");
    assertThat(signature.refusal("PUT", "/d1/5/a/c/o?x=1", -1, signed())).contains("signature");
  }

  @Test
  void refusesAnotherSecret() {
    byte[] other = "0123456789abcdeg".getBytes(StandardCharsets.US_ASCII);
    assertThat(
            BackendSignature.with(other, InstantSource.fixed(NOW))
                .refusal("PUT", "/d1/5/a/c/o?x=1", 7, signed()))
        .contains("secret");
  }

  @ParameterizedTest
  @ValueSource(longs = {-301, 301, 86_400})
  void refusesADateOutsideTheWindow(long secondsOff) {
    assertThat(at(NOW.plusSeconds(secondsOff)).refusal("PUT", "/d1/5/a/c/o?x=1", 7, signed()))
        .contains("5 minutes");
  }

  @ParameterizedTest
  @ValueSource(longs = {-300, 0, 300})
  void acceptsADateAtTheEdgeOfTheWindow(long secondsOff) {
    assertThat(at(NOW.plusSeconds(secondsOff)).refusal("PUT", "/d1/5/a/c/o?x=1", 7, signed()))
        .isNull();
  }

  @Test
  void aChangedDateOrVersionBreaksTheSignature() {
    String later = Long.toString(NOW.getEpochSecond() + 1);
    assertThat(
            signature.refusal(
                "PUT", "/d1/5/a/c/o?x=1", 7, signed().set(BackendHeaders.DATE, later)))
        .contains("signature");
    assertThat(
            signature.refusal("PUT", "/d1/5/a/c/o?x=1", 7, signed().set(BackendHeaders.VERSION, 9)))
        .contains("signature");
  }

  @ParameterizedTest
  @ValueSource(strings = {BackendHeaders.DATE, BackendHeaders.SIGNATURE, BackendHeaders.VERSION})
  void refusesWhatIsNotWhollySigned(String missing) {
    assertThat(signature.refusal("PUT", "/d1/5/a/c/o?x=1", 7, signed().remove(missing)))
        .contains("not signed");
  }

  @Test
  void refusesASignatureThatIsNoHexadecimal() {
    assertThat(
            signature.refusal(
                "PUT", "/d1/5/a/c/o?x=1", 7, signed().set(BackendHeaders.SIGNATURE, "zz")))
        .isNotNull();
  }

  @Test
  void acceptsEverythingWhereAuthenticationIsOff() {
    BackendSignature none = BackendSignature.none(InstantSource.fixed(NOW));
    assertThat(none.refusal("PUT", "/x", 0, new Headers())).isNull();
  }

  @Test
  void refusesAShortSecret() {
    assertThatThrownBy(() -> BackendSignature.with(new byte[15], InstantSource.fixed(NOW)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
