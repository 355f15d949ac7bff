package org.martlet.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;

class NearestNameTest {
  @Example
  void findsTheNearestNameIfItIsNear() {
    List<String> names = List.of("port", "address", "inline_limit", "data");

    assertThat(NearestName.of("prot", names)).contains("port");
    assertThat(NearestName.of("inlinelimit", names)).contains("inline_limit");
    assertThat(NearestName.of("inline-limits", names)).contains("inline_limit");
    assertThat(NearestName.of("colour", names)).isEmpty();
    assertThat(NearestName.of("x", List.of())).isEmpty();
  }

  @Property
  void measuresADistance(
      @ForAll @AlphaChars @StringLength(max = 8) String a,
      @ForAll @AlphaChars @StringLength(max = 8) String b,
      @ForAll @AlphaChars @StringLength(max = 8) String c) {
    int ab = NearestName.distance(a, b);

    assertThat(ab).isEqualTo(NearestName.distance(b, a));
    assertThat(ab == 0).isEqualTo(a.equals(b));
    assertThat(ab).isLessThanOrEqualTo(Math.max(a.length(), b.length()));
    assertThat(ab).isLessThanOrEqualTo(NearestName.distance(a, c) + NearestName.distance(c, b));
  }
}
