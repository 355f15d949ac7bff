package org.martlet.proxyserver.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.martlet.common.http.Headers;
import org.martlet.common.model.ObjectPath;
import org.martlet.proxyserver.api.Constraints.Target;

class ConstraintsTest {
  private final Constraints limits = Constraints.defaults();

  @Test
  void namesMayBeAsLongAsTheLimitAndNotAByteLonger() {
    assertThatCode(
            () -> limits.checkNames(path("a".repeat(256), "c".repeat(256), "o".repeat(1024))))
        .doesNotThrowAnyException();
    refused(path("a".repeat(257), "c", "o"), "Account name length of 257 longer than 256");
    refused(path("a", "c".repeat(257), "o"), "Container name length of 257 longer than 256");
    refused(path("a", "c", "o".repeat(1025)), "Object name length of 1025 longer than 1024");
  }

  @Test
  void namesAreMeasuredInBytesOfUtf8() {
    assertThatCode(() -> limits.checkNames(path("a", "é".repeat(128), "o")))
        .doesNotThrowAnyException();
    refused(path("a", "é".repeat(129), "o"), "Container name length of 258 longer than 256");
  }

  @Test
  void accountsOfTheClusterItselfMayBeTwiceAsLong() {
    assertThatCode(() -> limits.checkNames(path("." + "a".repeat(511), "c".repeat(512), "o")))
        .doesNotThrowAnyException();
    refused(path("." + "a".repeat(512), "c", "o"), "Account name length of 513 longer than 512");
  }

  @ParameterizedTest
  @EnumSource
  void metadataUpToEveryLimitIsTaken(Target target) {
    Headers headers = new Headers();
    headers.add(target.prefix() + "n".repeat(128), "v".repeat(256));
    for (int i = 1; i < 90; i++) {
      headers.add(target.prefix() + "k" + (10 + i), "v");
    }
    assertThatCode(() -> limits.checkMetadata(target, headers)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @EnumSource
  void metadataPastALimitIsRefusedWithTheReason(Target target) {
    String prefix = target.prefix();
    refused(target, Headers.of(prefix, "v"), "Metadata name cannot be empty");
    refused(target, Headers.of(prefix + "n".repeat(129), "v"), "Metadata name too long: ");
    refused(target, Headers.of(prefix + "n", "v".repeat(257)), "Metadata value longer than 256: ");
    refused(target, Headers.of("X-Whatever", "v".repeat(8193)), "Header value too long: X-Wh");
    Headers many = new Headers();
    for (int i = 0; i < 91; i++) {
      many.add(prefix + "k" + i, "");
    }
    refused(target, many, "Too many metadata items; max 90");
    Headers large = new Headers();
    for (int i = 0; i < 17; i++) {
      large.add(prefix + "key" + (10 + i), "v".repeat(240));
    }
    refused(target, large, "Total metadata too large; max 4096");
  }

  @Test
  void onlyObjectsTakeMetadataThatIsNoText() {
    Headers notText = Headers.of("X-Object-Meta-A", "\u00ff", "X-Container-Meta-A", "\u00ff");
    assertThatCode(() -> limits.checkMetadata(Target.OBJECT, notText)).doesNotThrowAnyException();
    refused(Target.CONTAINER, notText, "Metadata must be valid UTF-8");
    Headers text = Headers.of("X-Container-Meta-A", "\u00c3\u00a9");
    assertThatCode(() -> limits.checkMetadata(Target.CONTAINER, text)).doesNotThrowAnyException();
  }

  @Test
  void aRequestMayHaveSwiftsNumberOfHeaders() {
    assertThat(limits.maxHeaderCount()).isEqualTo(126);
  }

  private static ObjectPath path(String account, String container, String object) {
    return ObjectPath.object(account, container, object);
  }

  private void refused(ObjectPath path, String text) {
    assertThatThrownBy(() -> limits.checkNames(path))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.status()).isEqualTo(400);
              assertThat(e.text()).isEqualTo(text);
            });
  }

  private void refused(Target target, Headers headers, String text) {
    assertThatThrownBy(() -> limits.checkMetadata(target, headers))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.status()).isEqualTo(400);
              assertThat(e.text()).startsWith(text);
            });
  }
}
