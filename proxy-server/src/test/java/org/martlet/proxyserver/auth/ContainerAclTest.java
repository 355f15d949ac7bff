package org.martlet.proxyserver.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerAclTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | ''",
        "' , ,' | ''",
        "bob | bob",
        "' bob , sue ' | bob,sue",
        "test:tester | test:tester",
        "'.r:*, .rlistings' | .r:*,.rlistings",
        ".ref:* | .r:*",
        ".referer : * | .r:*",
        ".referrer:www.example.com | .r:www.example.com",
        ".r:*.example.com | .r:.example.com",
        ".r:*example.com | .r:example.com",
        ".r: - .example.com | .r:-.example.com",
        ".r:-*.example.com | .r:-.example.com",
        ".rlistings | .rlistings",
      })
  void anAclIsStoredInOneForm(String given, String stored) {
    assertThat(ContainerAcl.clean(given, false)).isEqualTo(stored);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".r: | No host/domain value after referrer designation in ACL: '.r:'",
        ".r:- | No host/domain value after referrer designation in ACL: '.r:-'",
        ".r:. | No host/domain value after referrer designation in ACL: '.r:.'",
        ".r:*. | No host/domain value after referrer designation in ACL: '.r:*.'",
        ".unknown:x | Unknown designator '.unknown' in ACL: '.unknown:x'",
        "'.r:a,.x:y' | Unknown designator '.x' in ACL: '.x:y'",
      },
      quoteCharacter = '`')
  void anElementThatMeansNothingIsRefused(String acl, String reason) {
    assertThatThrownBy(() -> ContainerAcl.clean(acl.replace("'", ""), false)).hasMessage(reason);
  }

  @Test
  void referrersHaveNoPlaceInAWriteAcl() {
    assertThatThrownBy(() -> ContainerAcl.clean("bob,.r:*", true))
        .hasMessage("Referrers not allowed in write ACL: '.r:*'");
    assertThat(ContainerAcl.clean("bob,test:sue", true)).isEqualTo("bob,test:sue");
  }

  @Property(tries = 500)
  void cleaningTwiceIsCleaningOnce(
      @ForAll
          @StringLength(max = 40)
          @Chars({'.', 'r', ':', '-', '*', ',', ' ', 'a', '%'})
          @CharRange(from = 'e', to = 'g')
          String acl) {
    String once;
    try {
      once = ContainerAcl.clean(acl, false);
    } catch (IllegalArgumentException e) {
      return;
    }
    assertThat(ContainerAcl.clean(once, false)).isEqualTo(once);
  }

  @Property(tries = 300)
  void nobodyIsAllowedByAnAclOfOthers(
      @ForAll @StringLength(max = 30) String acl, @ForAll @StringLength(min = 1) String group) {
    boolean named =
        Arrays.stream(acl.split(",", -1))
            .anyMatch(element -> element.equals(group) || element.contains("%"));
    assertThat(ContainerAcl.parse(acl).allowsAnyOf(Set.of(group)) && !named).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".r:* | http://anywhere.com/x | true",
        ".r:www.example.com | http://www.example.com/page | true",
        ".r:www.example.com | http://example.com/page | false",
        ".r:.example.com | http://a.example.com | true",
        ".r:.example.com | http://example.com | false",
        ".r:.example.com | http://badexample.com | false",
        ".r:*,.r:-.bad.com | http://x.bad.com/ | false",
        ".r:*,.r:-.bad.com | http://good.com/ | true",
        ".r:-.bad.com,.r:* | http://x.bad.com/ | true",
        ".r:WWW.example.com | http://www.example.com/ | false",
        ".r:www.example.com | http://WWW.EXAMPLE.com:8080/ | true",
        ".r:unknown | not a url at all | true",
        "bob | http://bob/ | false",
      })
  void referrersAreMatchedInOrderAndTheLastCounts(String acl, String referer, boolean allowed) {
    assertThat(ContainerAcl.parse(acl).allowsReferrer(referer)).isEqualTo(allowed);
  }

  @Test
  void whoSendsNoRefererComesFromUnknown() {
    assertThat(ContainerAcl.parse(".r:*").allowsReferrer(null)).isTrue();
    assertThat(ContainerAcl.parse(".r:unknown").allowsReferrer(null)).isTrue();
    assertThat(ContainerAcl.parse(".r:a.com").allowsReferrer(null)).isFalse();
    assertThat(ContainerAcl.parse(null).allowsReferrer(null)).isFalse();
  }

  @Test
  void groupsMayBePercentEncoded() {
    assertThat(ContainerAcl.parse("a%2Cb,c").allowsAnyOf(Set.of("a,b"))).isTrue();
    assertThat(ContainerAcl.parse("%C3%A9").allowsAnyOf(Set.of("é"))).isTrue();
  }
}
