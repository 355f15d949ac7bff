package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class QueryStringTest {
  @Test
  void namesWithoutValuesAndEmptyPiecesAreAsInSwift() {
    QueryString query = QueryString.parse("format=json&&reverse&prefix=a%2Fb+c&limit=&limit=5&");
    assertThat(query.get("format")).isEqualTo("json");
    assertThat(query.get("reverse")).isEmpty();
    assertThat(query.get("prefix")).isEqualTo("a/b c");
    assertThat(query.all("limit")).containsExactly("", "5");
    assertThat(query.get("limit")).isEqualTo("5");
    assertThat(query.get("marker")).isNull();
    assertThat(query.getOr("marker", "x")).isEqualTo("x");
    assertThat(query.malformed()).isEmpty();
  }

  @Test
  void anEmptyQueryHasNoParameters() {
    assertThat(QueryString.parse("").isEmpty()).isTrue();
    assertThat(QueryString.parse("&&").isEmpty()).isTrue();
    assertThat(QueryString.empty().toString()).isEmpty();
  }

  @Test
  void aValueThatIsNotUtf8IsNamed() {
    assertThat(QueryString.parse("a=1&marker=%ff&b=2").malformed()).containsExactly("marker");
  }

  @Property
  void whatIsFormattedIsParsedToTheSame(@ForAll String name, @ForAll String value) {
    if ((name + value).chars().noneMatch(c -> Character.isSurrogate((char) c))) {
      String text = QueryString.empty().add(name, value).add("other", "&=+%").toString();
      QueryString query = QueryString.parse(text);
      assertThat(query.all("other")).contains("&=+%");
      assertThat(query.all(name)).contains(value);
    }
  }
}
