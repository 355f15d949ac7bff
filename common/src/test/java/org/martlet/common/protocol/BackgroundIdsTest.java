package org.martlet.common.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackgroundIdsTest {
  private final BackgroundIds ids = new BackgroundIds("repl", 0xabcdefL);

  @Test
  void eachIsAnother() {
    assertThat(ids.next()).isEqualTo("txrepl-000000abcdef-1");
    assertThat(ids.next()).isEqualTo("txrepl-000000abcdef-2");
  }

  @Test
  void aRequestNamesSomeOfThoseThatItFollowsFrom() {
    assertThat(ids.together(List.of("tx1", "", "tx2", "tx1"))).isEqualTo("tx1,tx2");
    assertThat(ids.together(List.of("", ""))).isEqualTo("txrepl-000000abcdef-1");
    assertThat(ids.together(List.of("x".repeat(1000)))).isEqualTo("txrepl-000000abcdef-2");
    List<String> many = IntStream.range(0, 100).mapToObj(n -> "tx" + n).toList();
    assertThat(ids.together(many)).isEqualTo("tx0,tx1,tx2,tx3,tx4,tx5,tx6,tx7");
  }
}
