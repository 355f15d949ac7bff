package org.martlet.objectserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeSelectionTest {
  private static RangeSelection parts(long... bounds) {
    List<ByteRange> ranges = new ArrayList<>();
    for (int i = 0; i < bounds.length; i += 2) {
      ranges.add(new ByteRange(bounds[i], bounds[i + 1]));
    }
    return new RangeSelection.Parts(ranges);
  }

  @Test
  void understandsEveryForm() {
    assertThat(RangeSelection.of("bytes=0-0", 10)).isEqualTo(parts(0, 1));
    assertThat(RangeSelection.of("bytes=2-5", 10)).isEqualTo(parts(2, 6));
    assertThat(RangeSelection.of("bytes=2-", 10)).isEqualTo(parts(2, 10));
    assertThat(RangeSelection.of("bytes=-3", 10)).isEqualTo(parts(7, 10));
    assertThat(RangeSelection.of("bytes=-30", 10)).isEqualTo(parts(0, 10));
    assertThat(RangeSelection.of("bytes=5-999999999999999999999", 10)).isEqualTo(parts(5, 10));
    assertThat(RangeSelection.of("Bytes= 1-2, 4-5 ", 10)).isEqualTo(parts(1, 3, 4, 6));
    assertThat(RangeSelection.of("bytes=00000000000000000000001-2", 10)).isEqualTo(parts(1, 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-2",
        "bytes=1-2,",
        "items=1-2",
        "bytes=1",
        "bytes=1-2-3",
        "bytes=--1",
        "bytes=+1-2",
        "bytes=1-2,x-3",
        "bytes=0x1-2"
      })
  void ignoresWhatItDoesNotUnderstand(String header) {
    assertThat(RangeSelection.of(header, 10)).isEqualTo(new RangeSelection.Whole());
  }

  @Test
  void selectsTheWholeWithoutAHeader() {
    assertThat(RangeSelection.of(null, 10)).isEqualTo(new RangeSelection.Whole());
  }

  @Test
  void leavesOutPartsBeyondTheEnd() {
    assertThat(RangeSelection.of("bytes=10-20", 10)).isEqualTo(new RangeSelection.Unsatisfiable());
    assertThat(RangeSelection.of("bytes=-0", 10)).isEqualTo(new RangeSelection.Unsatisfiable());
    assertThat(RangeSelection.of("bytes=1-2,10-20,-0", 10)).isEqualTo(parts(1, 3));
  }

  @Test
  void givesTheWholeOfAnEmptyBodyForASuffixOnly() {
    assertThat(RangeSelection.of("bytes=-5", 0)).isEqualTo(new RangeSelection.Whole());
    assertThat(RangeSelection.of("bytes=0-", 0)).isEqualTo(new RangeSelection.Unsatisfiable());
    assertThat(RangeSelection.of("bytes=-0", 0)).isEqualTo(new RangeSelection.Unsatisfiable());
  }

  @Test
  void refusesListsThatOnlyAnAttackerSends() {
    assertThat(RangeSelection.of(list(51, i -> i * 10), 10_000))
        .isEqualTo(new RangeSelection.Unsatisfiable());
    assertThat(RangeSelection.of(list(50, i -> i * 10), 10_000))
        .isInstanceOf(RangeSelection.Parts.class);
    assertThat(RangeSelection.of(list(8, i -> 1000 - i * 10), 10_000))
        .isEqualTo(new RangeSelection.Unsatisfiable());
    assertThat(RangeSelection.of(list(7, i -> 1000 - i * 10), 10_000))
        .isInstanceOf(RangeSelection.Parts.class);
    assertThat(RangeSelection.of("bytes=0-100,50-150,120-200,180-300", 10_000))
        .isEqualTo(new RangeSelection.Unsatisfiable());
    assertThat(RangeSelection.of("bytes=0-100,50-150,120-200", 10_000))
        .isInstanceOf(RangeSelection.Parts.class);
  }

  private static String list(int count, IntUnaryOperator start) {
    return IntStream.range(0, count)
        .map(start)
        .mapToObj(at -> at + "-" + (at + 5))
        .collect(Collectors.joining(",", "bytes=", ""));
  }

  @Property
  void selectsOnlyBytesThatThereAre(
      @ForAll @LongRange(max = 1000) long length,
      @ForAll @IntRange(max = 1200) int first,
      @ForAll @IntRange(max = 1200) int last) {
    String header = "bytes=%d-%d,-%d".formatted(first, last, last);
    if (RangeSelection.of(header, length) instanceof RangeSelection.Parts parts) {
      assertThat(parts.ranges())
          .allMatch(range -> 0 <= range.start() && range.start() < range.end())
          .allMatch(range -> range.end() <= length);
    } else {
      assertThat(length == 0 || last < first || (first >= length && last == 0)).isTrue();
    }
  }
}
