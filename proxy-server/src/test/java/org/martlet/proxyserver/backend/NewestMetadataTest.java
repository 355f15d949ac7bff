package org.martlet.proxyserver.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.martlet.common.http.Headers;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;

class NewestMetadataTest {
  private static Headers object(String body, long data, long type, long metadata) {
    return Headers.of(
        "ETag",
        body,
        "X-Timestamp",
        Timestamp.ofTicks(metadata).normal(),
        "Last-Modified",
        "m" + metadata,
        "Content-Type",
        "t" + type,
        "X-Object-Meta-At",
        "m" + metadata,
        "X-Object-Sysmeta-Of",
        body,
        BackendHeaders.DATA_TIMESTAMP,
        Timestamp.ofTicks(data).internal(),
        BackendHeaders.CONTENT_TYPE_TIMESTAMP,
        Timestamp.ofTicks(type).internal());
  }

  @Test
  void whatIsNewestItselfStaysAsItIs() {
    Headers chosen = object("b", 60, 60, 70);
    assertThat(NewestMetadata.join(chosen, List.of(object("a", 50, 50, 70)))).isSameAs(chosen);
  }

  @Test
  void metadataAndContentTypeComeFromWhoHasThemNewest() {
    Headers joined =
        NewestMetadata.join(
            object("b", 60, 60, 60),
            List.of(object("a", 50, 65, 70), object("a", 50, 50, 80), object("a", 50, 50, 50)));
    assertThat(joined.get("ETag")).isEqualTo("b");
    assertThat(joined.get("X-Object-Sysmeta-Of")).isEqualTo("b");
    assertThat(joined.all("X-Object-Meta-At")).containsExactly("m80");
    assertThat(joined.get("Last-Modified")).isEqualTo("m80");
    assertThat(joined.get("X-Timestamp")).isEqualTo(Timestamp.ofTicks(80).normal());
    assertThat(joined.get("Content-Type")).isEqualTo("t65");
  }

  @Test
  void metadataThatALaterPostTookAwayIsNotShown() {
    Headers posted = object("a", 50, 50, 70).remove("X-Object-Meta-At");
    Headers joined =
        NewestMetadata.join(object("b", 60, 60, 60).add("X-Delete-At", "1"), List.of(posted));
    assertThat(joined.contains("X-Object-Meta-At")).isFalse();
    assertThat(joined.contains("X-Delete-At")).isFalse();
  }

  @Test
  void listingsAreNotJoined() {
    Headers chosen = Headers.of("X-Container-Object-Count", "1", "X-Timestamp", "4");
    assertThat(NewestMetadata.join(chosen, List.of(Headers.of("X-Timestamp", "5"))))
        .isSameAs(chosen);
  }
}
