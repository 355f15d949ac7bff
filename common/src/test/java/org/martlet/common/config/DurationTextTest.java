package org.martlet.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class DurationTextTest {
  @Property
  void readsWhatItPrints(@ForAll @LongRange(min = 0, max = 1_000_000_000_000L - 1) long millis) {
    Duration duration = Duration.ofMillis(millis);

    assertThat(DurationText.parse(DurationText.format(duration))).isEqualTo(duration);
  }

  @Example
  void printsTheLargestUnitThatIsExact() {
    assertThat(DurationText.format(Duration.ZERO)).isEqualTo("0 s");
    assertThat(DurationText.format(Duration.ofMillis(1500))).isEqualTo("1500 ms");
    assertThat(DurationText.format(Duration.ofSeconds(90))).isEqualTo("90 s");
    assertThat(DurationText.format(Duration.ofMinutes(90))).isEqualTo("90 min");
    assertThat(DurationText.format(Duration.ofHours(36))).isEqualTo("36 h");
    assertThat(DurationText.format(Duration.ofDays(7))).isEqualTo("7 d");
  }

  @Example
  void refusesOtherForms() {
    for (String text : new String[] {"", "10", "-1 s", "1.5 s", "1 week", "5 m", "1 s 5 ms"}) {
      assertThatThrownBy(() -> DurationText.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not a duration");
    }
  }
}
