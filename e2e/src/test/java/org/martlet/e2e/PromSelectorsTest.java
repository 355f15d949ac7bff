package org.martlet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.martlet.e2e.PromSelectors.Selector;

class PromSelectorsTest {
  @Test
  void findsMetricsMatchersAndLabels() {
    PromSelectors found =
        PromSelectors.of(
            "histogram_quantile(0.99, sum by (instance, le)"
                + " (rate(a_bucket{b=\"c\",d=~\"e.*\"}[5m]))) > 1 or on (job) f == 0");

    assertThat(found.selectors())
        .containsExactly(
            new Selector("a_bucket", List.of("b=\"c\""), List.of("d")),
            new Selector("f", List.of(), List.of()));
    assertThat(found.labels()).containsExactly("instance", "job", "le");
  }

  @Test
  void aLabelThatTheExpressionMakesIsNotSought() {
    PromSelectors found =
        PromSelectors.of("count by (r) (count_values by (r, version) (\"version\", a_version))");

    assertThat(found.selectors()).containsExactly(new Selector("a_version", List.of(), List.of()));
    assertThat(found.labels()).containsExactly("r");
  }
}
