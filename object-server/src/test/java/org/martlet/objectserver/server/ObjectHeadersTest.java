package org.martlet.objectserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.common.model.Timestamp;

class ObjectHeadersTest {
  private static final Timestamp NOW = Timestamp.parse("1700000000.00000");

  private static ObjectHeaders put(Headers headers, Headers trailers) {
    return ObjectHeaders.ofPut(headers, trailers, NOW, false);
  }

  @Test
  void tellsWhatStaysWithTheBodyFromWhatAPostReplaces() {
    ObjectHeaders kept =
        put(
            Headers.of(
                "x-object-meta-color", "red",
                "X-OBJECT-SYSMETA-A-b", "1",
                "X-Object-Transient-Sysmeta-T", "2",
                "X-Static-Large-Object", "true",
                "content-encoding", "gzip",
                "X-Delete-At", "1700000100",
                "Content-Type", "text/plain",
                "X-Object-Meta-", "nameless",
                "X-Timestamp", "1700000000.00000",
                "X-Other", "no"),
            new Headers());

    assertThat(kept.data().entries())
        .isEqualTo(Map.of("X-Object-Sysmeta-A-B", "1", "X-Static-Large-Object", "true"));
    assertThat(kept.metadata().entries())
        .isEqualTo(
            Map.of(
                "X-Object-Meta-Color", "red",
                "X-Object-Transient-Sysmeta-T", "2",
                "Content-Encoding", "gzip",
                "X-Delete-At", "1700000100"));
  }

  @Test
  void letsTrailersReplaceHeaders() {
    ObjectHeaders kept =
        put(
            Headers.of("X-Object-Meta-A", "1", "X-Object-Meta-B", "2", "X-Object-Sysmeta-C", "3"),
            Headers.of("x-object-meta-a", "9", "X-Object-Sysmeta-C", "8"));

    assertThat(kept.metadata().entries())
        .isEqualTo(Map.of("X-Object-Meta-A", "9", "X-Object-Meta-B", "2"));
    assertThat(kept.data().entries()).isEqualTo(Map.of("X-Object-Sysmeta-C", "8"));
  }

  @Test
  void keepsNoSystemMetadataOfAPost() {
    assertThat(
            ObjectHeaders.ofPost(
                    Headers.of("X-Object-Sysmeta-A", "1", "X-Object-Meta-A", "2"), NOW, false)
                .entries())
        .isEqualTo(Map.of("X-Object-Meta-A", "2"));
  }

  @Test
  void keepsWhatAListingIsToShowAsSystemMetadata() {
    ObjectHeaders kept =
        put(
            Headers.of(
                "X-Backend-Container-Update-Override-Etag", "weak",
                "X-Backend-Container-Update-Override-Size", "7",
                "X-Backend-Container-Update-Override-Other", "no",
                "X-Object-Sysmeta-Container-Update-Override-Etag", "strong"),
            new Headers());

    assertThat(kept.data().entries())
        .isEqualTo(
            Map.of(
                "X-Object-Sysmeta-Container-Update-Override-Etag", "strong",
                "X-Object-Sysmeta-Container-Update-Override-Size", "7"));
  }

  @Test
  void refusesATimeOfExpiryInThePastExceptFromAReplica() {
    Headers past = Headers.of("X-Delete-At", "1699999999");

    assertThatThrownBy(() -> put(past, new Headers())).hasMessage("X-Delete-At in past");
    assertThat(ObjectHeaders.ofPut(past, new Headers(), NOW, true).metadata().entries())
        .isEqualTo(Map.of("X-Delete-At", "1699999999"));
    assertThatThrownBy(() -> put(Headers.of("X-Delete-At", "soon"), new Headers()))
        .hasMessage("Non-integer X-Delete-At");
    assertThat(put(Headers.of("X-Delete-At", ""), new Headers()).metadata().isEmpty()).isTrue();
  }

  @Test
  void boundsWhatIsKept() {
    Headers tooMuch = Headers.of("X-Object-Meta-A", "x".repeat(ObjectHeaders.MAX_BYTES));

    assertThatThrownBy(() -> put(tooMuch, new Headers())).isInstanceOf(Refused.class);
  }

  @Test
  void joinsRepeatedHeaders() {
    assertThat(
            put(Headers.of("X-Object-Meta-A", "1", "x-object-meta-a", "2"), new Headers())
                .metadata()
                .entries())
        .isEqualTo(Map.of("X-Object-Meta-A", "1,2"));
  }
}
