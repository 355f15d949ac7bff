package org.martlet.common.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class KeyRangeTest {
  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  @Property
  void holdsExactlyTheKeysThatBeginWithAPrefix(
      @ForAll @Size(max = 3) byte[] prefix, @ForAll @Size(max = 4) byte[] key) {
    assertThat(KeyRange.startingWith(prefix).contains(key)).isEqualTo(startsWith(key, prefix));
  }

  @Property
  void putsTheSuccessorAboveEveryKeyThatBeginsWithAPrefix(
      @ForAll @Size(max = 3) byte[] prefix, @ForAll @Size(max = 4) byte[] rest) {
    byte[] key = Arrays.copyOf(prefix, prefix.length + rest.length);
    System.arraycopy(rest, 0, key, prefix.length, rest.length);
    byte[] successor = KeyRange.successor(prefix);

    if (successor != null) {
      assertThat(Arrays.compareUnsigned(key, successor)).isNegative();
      assertThat(startsWith(successor, prefix)).isEqualTo(prefix.length == 0);
    }
  }

  @Example
  void hasNoEndWhereThereIsNone() {
    assertThat(KeyRange.successor(new byte[0])).isNull();
    assertThat(KeyRange.successor(new byte[] {(byte) 0xff, (byte) 0xff})).isNull();
    assertThat(KeyRange.successor(new byte[] {1, (byte) 0xff})).containsExactly(2);
    assertThat(KeyRange.startingWith(new byte[] {(byte) 0xff}).contains(new byte[] {(byte) 0xff}))
        .isTrue();
    assertThat(KeyRange.all().contains(new byte[0])).isTrue();
  }
}
