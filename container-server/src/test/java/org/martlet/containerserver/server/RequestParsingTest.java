package org.martlet.containerserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.containerserver.listing.ListingQuery;

/// What requests say in their targets and headers, and what of it is refused.
class RequestParsingTest {
  private static void assertRefused(int status, ThrowingCallable parsing) {
    assertThatThrownBy(parsing)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.status()).isEqualTo(status));
  }

  @Property(tries = 300)
  void anyQueryIsParsedOrRefused(@ForAll String raw) {
    String latin1 = raw.replaceAll("[^\\x00-\\xff]", "%");
    try {
      assertThat(Query.parse(latin1).listing(10, true, false, OptionalInt.empty()).limit())
          .isBetween(0, 10);
    } catch (Refused refused) {
      assertThat(refused.status()).isIn(400, 412);
    }
  }

  @Test
  void aQueryIsReadAsSwiftReadsIt() {
    Query query =
        Query.parse("prefix=a+b%2Fc&delimiter=%C3%A9&reverse=On&limit=007&marker=1&marker=2&&=x");
    assertThat(query.listing(10, true, true, OptionalInt.of(1)))
        .isEqualTo(
            new ListingQuery(7, "2", "", "a b/c", "\u00e9", null, true, true, OptionalInt.of(1)));
    assertThat(Query.parse("path=").listing(10, true, false, OptionalInt.empty()).path()).isEmpty();
    assertThat(Query.parse("path=x").listing(10, false, false, OptionalInt.empty()).path())
        .isNull();
    assertThat(Query.parse("limit=-1").listing(10, true, false, OptionalInt.empty()).limit())
        .isEqualTo(10);
    assertRefused(412, () -> Query.parse("limit=11").listing(10, true, false, OptionalInt.empty()));
    assertRefused(
        412,
        () ->
            Query.parse("limit=99999999999999999999")
                .listing(10, true, false, OptionalInt.empty()));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "json, -, JSON",
        "XML, -, XML",
        "bogus, -, PLAIN",
        "-, -, PLAIN",
        "-, '', PLAIN",
        "-, '*/*', PLAIN",
        "-, application/json, JSON",
        "-, 'text/*;q=0.5, application/json', JSON",
        "-, text/xml, TEXT_XML",
        "-, 'application/xml; q=0.9, text/plain; q=0.1', XML",
        "json, image/png, JSON"
      })
  void theFormOfAListingFollowsTheParameterThenWhatIsAccepted(
      String format, String accept, ListingFormat expected) {
    assertThat(ListingFormat.choose(format, accept)).isEqualTo(expected);
  }

  @Test
  void whatCannotBeAcceptedIsRefused() {
    assertRefused(406, () -> ListingFormat.choose(null, "image/png"));
    assertRefused(406, () -> ListingFormat.choose(null, "text/plain;q=0"));
    assertRefused(400, () -> ListingFormat.choose(null, "text/plain;q=x"));
  }

  @Test
  void metadataIsWhatHasTheRightNamesAndMustBeUtf8() {
    Headers headers =
        Headers.of(
            "X-Timestamp", "1",
            "X-Container-Meta-A", "\u00c3\u00a9",
            "X-Container-Sysmeta-B", "1",
            "X-Container-Meta-", "no name",
            "X-Account-Meta-C", "another kind",
            "X-Container-Read", ".r:*");
    assertThat(
            new RequestFields(headers).metadata("container", Set.of("x-container-read")).values())
        .containsOnlyKeys("x-container-meta-a", "x-container-sysmeta-b", "x-container-read");
    headers.set("X-Container-Meta-A", "\u00c3");
    assertRefused(400, () -> new RequestFields(headers).metadata("container", Set.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "1.5.2", "99999999999", "1_x", "NaN"})
  void aTimestampThatIsNoneIsRefused(String text) {
    assertRefused(400, () -> new RequestFields(Headers.of("X-Timestamp", text)).timestamp());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "1.0", "99999999999999999999"})
  void aSizeThatIsNoneIsRefused(String text) {
    assertRefused(400, () -> new RequestFields(Headers.of("X-Size", text)).number("X-Size"));
  }
}
