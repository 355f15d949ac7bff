package org.martlet.common.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingSealTest {
  private static final byte[] FILE = bytes("a ring file");
  private static final RingSeal.Sealed SEALED = RingSeal.Sealed.of("object-1", 17, FILE);

  private final RingSeal seal = RingSeal.with(bytes("0123456789abcdef"));

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void whatWasSealedIsReadBack() {
    assertThat(seal.read(seal.write(SEALED) + "\n")).isEqualTo(SEALED);
    assertThat(SEALED.isOf(FILE)).isTrue();
    assertThat(SEALED.isOf(bytes("another file"))).isFalse();
  }

  @Test
  void anotherSecretsSealIsRefused() {
    RingSeal other = RingSeal.with(bytes("fedcba9876543210"));
    assertThatThrownBy(() -> seal.read(other.write(SEALED)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("secret");
    assertThatThrownBy(() -> seal.read(RingSeal.none().write(SEALED)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(RingSeal.none().read(other.write(SEALED))).isEqualTo(SEALED);
  }

  @Property(tries = 300)
  void noCharacterOfASealCanBeChanged(@ForAll int at, @ForAll char other) {
    String line = seal.write(SEALED);
    int where = Math.floorMod(at, line.length());
    if (line.charAt(where) == other) {
      return;
    }
    String changed = line.substring(0, where) + other + line.substring(where + 1);
    assertThatThrownBy(() -> seal.read(changed)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "martlet-ring-1",
        "martlet-ring-2 object 1 00 -",
        "martlet-ring-1 object -1 00 -",
        "martlet-ring-1 object +1 00 -",
        "martlet-ring-1 object 01 00 -",
        "martlet-ring-1 object 99999999999999999999 00 -",
        "martlet-ring-1 object 1 00 - more",
      })
  void whatIsNoSealIsRefusedAlsoWhereNothingIsSigned(String line) {
    assertThatThrownBy(() -> RingSeal.none().read(line))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
