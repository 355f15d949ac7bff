package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusedTest {
  @Test
  void theAnswerHasItsTextAndItsHeaders() {
    Response response = new Refused(409, "newer", Headers.of("X-Clock", "7")).response();
    assertThat(response.status()).isEqualTo(409);
    assertThat(response.headers().get("X-Clock")).isEqualTo("7");
    assertThat(response.body().length()).isEqualTo("newer\n".length());
  }

  @Test
  void theAnswerToHeadHasNoBody() {
    Response response = new Refused(404, "nothing", Headers.of("X-Clock", "7")).response(false);
    assertThat(response.headers().get("X-Clock")).isEqualTo("7");
    assertThat(response.body().length()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"TIMEOUT, 408", "TOO_LARGE, 413", "PROTOCOL, 400", "CLOSED, 499", "EXHAUSTED, 503"})
  void aBodyThatCannotBeReadIsTheSendersFaultWhereItIs(HttpFault.Kind kind, int status) {
    assertThat(Refused.of(new HttpFault(kind, "why")).status()).isEqualTo(status);
  }
}
