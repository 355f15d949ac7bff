package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {
  private static final long AT = 784_111_777;

  @Property
  void everySecondOfFourDigitYearsIsReadBack(
      @ForAll @LongRange(min = 0, max = 253_402_300_799L) long second) {
    assertThat(HttpDate.parse(HttpDate.format(second))).hasValue(second);
  }

  @Property
  void anyTextIsADateOrNone(@ForAll String text) {
    assertThat(HttpDate.parse(text)).isNotNull();
  }

  @Test
  void isWrittenInOneForm() {
    assertThat(HttpDate.format(AT)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    assertThat(HttpDate.format(0)).isEqualTo("Thu, 01 Jan 1970 00:00:00 GMT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        " Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994"
      })
  void isReadInAllThreeForms(String text) {
    assertThat(HttpDate.parse(text)).hasValue(AT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "now", "Sun, 06 Nov 1994", "Sun, 36 Nov 1994 08:49:37 GMT"})
  void otherTextIsNoDate(String text) {
    assertThat(HttpDate.parse(text)).isEmpty();
  }
}
