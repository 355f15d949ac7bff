package org.martlet.proxyserver.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.martlet.proxyserver.api.Identity;

class TokensTest {
  private static final byte[] SECRET = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final Identity WHO =
      new Identity("test:tester", Set.of("test", "test:tester", "AUTH_test"));

  private final Tokens tokens = new Tokens("AUTH_tk", SECRET);

  @Test
  void aTokenTellsWhoseItIsToEveryProxyWithTheSecret() {
    String token = tokens.issue(WHO, NOW.plusSeconds(10));
    assertThat(token).startsWith("AUTH_tk").matches("[A-Za-z0-9_-]+");
    assertThat(new Tokens("AUTH_tk", SECRET).identify(token, NOW)).contains(WHO);
  }

  @Test
  void aTokenExpires() {
    String token = tokens.issue(WHO, NOW.plusSeconds(10));
    assertThat(tokens.identify(token, NOW.plusSeconds(9))).isPresent();
    assertThat(tokens.identify(token, NOW.plusSeconds(10))).isEmpty();
  }

  @Test
  void aTokenOfAnotherSecretIsNone() {
    byte[] other = "fedcba9876543210".getBytes(StandardCharsets.UTF_8);
    String token = new Tokens("AUTH_tk", other).issue(WHO, NOW.plusSeconds(10));
    assertThat(tokens.identify(token, NOW)).isEmpty();
  }

  @Property(tries = 400)
  void aTokenWithAnyBitChangedIsNone(@ForAll @IntRange(max = 100_000) int where) {
    String token = tokens.issue(WHO, NOW.plusSeconds(10));
    byte[] bytes = Base64.getUrlDecoder().decode(token.substring(7));
    bytes[where / 8 % bytes.length] ^= (byte) (1 << where % 8);
    String forged = "AUTH_tk" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    assertThat(tokens.identify(forged, NOW)).isEmpty();
  }

  @Property(tries = 400)
  void noiseIsNoToken(@ForAll @Size(max = 200) byte[] bytes) {
    String forged = "AUTH_tk" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    assertThat(tokens.identify(forged, NOW)).isEmpty();
  }

  @Property(tries = 200)
  void textIsNoToken(@ForAll String text) {
    assertThat(tokens.identify("AUTH_tk" + text, NOW)).isEmpty();
    assertThat(tokens.identify(text, NOW)).isEmpty();
  }

  @Test
  void partsOfATokenAreNone() {
    String token = tokens.issue(WHO, NOW.plusSeconds(10));
    for (int end = 0; end < token.length() - 1; end++) {
      assertThat(tokens.identify(token.substring(0, end), NOW)).isEmpty();
    }
  }
}
