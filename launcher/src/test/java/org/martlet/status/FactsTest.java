package org.martlet.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class FactsTest {
  private static Facts of(String json) {
    return Facts.of(JsonMapper.shared().readTree(json));
  }

  @Test
  void whatIsOddIsAsIfItWereNotKnown() {
    Facts odd =
        of(
            """
            {"text": {"a": 1}, "number": "many", "big": 1e300, "moment": "yesterday",
             "list": "none", "decimal": "NaN", "negative": -5}""");
    assertThat(odd.text("text")).isEmpty();
    assertThat(odd.text("missing")).isEmpty();
    assertThat(odd.number("number")).isEqualTo(-1);
    assertThat(odd.number("big")).isEqualTo(-1);
    assertThat(odd.count("negative")).isZero();
    assertThat(odd.moment("moment")).isEmpty();
    assertThat(odd.list("list")).isEmpty();
    assertThat(odd.decimal("decimal")).isNull();
    assertThat(Facts.of(JsonMapper.shared().readTree("[1]")).at("a").at("b").isThere()).isFalse();
  }

  @Test
  void longTextsAndListsAreCutShort() {
    String many = "1,".repeat(20_000) + "1";
    Facts facts = of("{\"text\": \"" + "x".repeat(5_000) + "\", \"list\": [" + many + "]}");
    assertThat(facts.text("text")).hasSize(501);
    assertThat(facts.list("list")).hasSize(10_000);
  }
}
