package org.martlet.common.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampTest {
  @Test
  void printsTenDigitsAPointAndFiveDigits() {
    assertThat(Timestamp.ofTicks(140246467704188L).internal()).isEqualTo("1402464677.04188");
    assertThat(Timestamp.ofTicks(1).internal()).isEqualTo("0000000000.00001");
  }

  @Test
  void printsAnOffsetAsSixteenHexDigits() {
    assertThat(new Timestamp(140246467704188L, 10).internal())
        .isEqualTo("1402464677.04188_000000000000000a");
    assertThat(new Timestamp(140246467704188L, 10).normal()).isEqualTo("1402464677.04188");
  }

  @Test
  void roundsDigitsBeyondTheTick() {
    assertThat(Timestamp.parse("1.123456").ticks()).isEqualTo(112346);
    assertThat(Timestamp.parse("1.123454").ticks()).isEqualTo(112345);
    assertThat(Timestamp.parse("7").ticks()).isEqualTo(700000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "x",
        "-1",
        "+1",
        "1e3",
        "NaN",
        "1.2.3",
        "99999999999",
        "9999999999.999999",
        "1_",
        "1_g",
        "1_ffffffffffffffff",
        " 1",
        "١"
      })
  void refusesWhatIsNotATimestamp(String text) {
    assertThatThrownBy(() -> Timestamp.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ordersByTicksThenOffset() {
    assertThat(new Timestamp(5, 1))
        .isGreaterThan(new Timestamp(5, 0))
        .isLessThan(new Timestamp(6, 0));
  }

  @Test
  void lastModifiedIsRoundedUp() {
    assertThat(Timestamp.parse("10.00001").secondsRoundedUp()).isEqualTo(11);
    assertThat(Timestamp.parse("10.00000").secondsRoundedUp()).isEqualTo(10);
  }

  @Property
  void parsesWhatItPrints(
      @ForAll @LongRange(min = 0, max = Timestamp.MAX_TICKS) long ticks,
      @ForAll @LongRange(min = 0) long offset) {
    Timestamp timestamp = new Timestamp(ticks, offset);
    assertThat(Timestamp.parse(timestamp.internal())).isEqualTo(timestamp);
  }

  @Property
  void textOrderIsTimeOrder(
      @ForAll @LongRange(min = 0, max = Timestamp.MAX_TICKS) long a,
      @ForAll @LongRange(min = 0, max = Timestamp.MAX_TICKS) long b) {
    assertThat(
            Integer.signum(Timestamp.ofTicks(a).normal().compareTo(Timestamp.ofTicks(b).normal())))
        .isEqualTo(Integer.signum(Long.compare(a, b)));
  }

  @Test
  void keepsInstantsToTheTick() {
    Instant instant = Instant.parse("2026-11-22T10:11:12.123450Z");
    assertThat(Timestamp.of(instant).toInstant()).isEqualTo(instant);
  }
}
