package org.martlet.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SheetTest {
  @Test
  void labelsAndValuesStandBelowOneAnother() {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("kind", "post");
    rows.put("left out", "");
    rows.put("oldest volume", "1");
    assertThat(new Sheet().section("Record").rows(rows).toString())
        .isEqualTo("Record\n  kind           post\n  oldest volume  1\n");
  }

  @Test
  void namesOfTenantsCannotReachTheTerminal() {
    String name = "/a/c/\u001b[2Jcat\n\u202etxt\u0000";
    assertThat(Sheet.shown(name)).isEqualTo("/a/c/\\x1b[2Jcat\\x0a\\u202etxt\\x00");
    assertThat(Sheet.shown("blüe")).isEqualTo("blüe");
  }

  @Test
  void numbersBelowAHeadingStandToTheRight() {
    List<List<String>> table =
        List.of(List.of("policy", "objects"), List.of("0", "12,000"), List.of("1", "7"));
    assertThat(new Sheet().table(table).toString())
        .isEqualTo("  policy  objects\n  0        12,000\n  1             7\n");
  }

  @Test
  void sizesAgesAndMomentsAreAsPeopleReadThem() {
    assertThat(Words.size(1023)).isEqualTo("1023 B");
    assertThat(Words.size(3_000_000)).isEqualTo("2.9 MiB");
    assertThat(Words.size(-1)).isEqualTo("-");
    assertThat(Words.age(Instant.ofEpochSecond(0), Instant.ofEpochSecond(90_000)))
        .isEqualTo("25 h");
    assertThat(Words.moment("1402464677.04188"))
        .isEqualTo("1402464677.04188  2014-06-11 05:31:17 UTC");
    assertThat(Words.header("bl\u00c3\u00bce")).isEqualTo("blüe");
    assertThat(Words.header("bl\u00fce")).isEqualTo("bl\u00fce");
  }
}
