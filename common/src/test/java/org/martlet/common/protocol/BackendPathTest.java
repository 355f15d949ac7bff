package org.martlet.common.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.http.Refused;
import org.martlet.common.model.ObjectPath;

class BackendPathTest {
  private static void assertRefused(int status, ThrowingCallable parsing) {
    assertThatThrownBy(parsing)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.status()).isEqualTo(status));
  }

  @Test
  void decodesNames() {
    assertThat(BackendPath.parseObject("/sda/12/AUTH_a/c%20c/o/%C3%A9//%25%zz", false))
        .isEqualTo(new BackendPath("sda", ObjectPath.object("AUTH_a", "c c", "o/é//%%zz")));
  }

  @ParameterizedTest
  @CsvSource({
    "/sda/12/a/c, 400",
    "/sda/12/a/c/, 400",
    "/sda/x/a/c/o, 400",
    "/sda//a/c/o, 400",
    "/sda/99999999999/a/c/o, 400",
    "//12/a/c/o, 400",
    "/../12/a/c/o, 400",
    "/s%64a/12/a/c/o, 400",
    "/sda/12//c/o, 400",
    "/sda/12/a%2Fb/c/o, 400",
    "/sda/12/a/c/%FF, 412",
    "/sda/12/a/c/%ED%A0%80, 412",
    "/sda/12/a/c/%C0%AF, 412",
    "/sda/12/a/c/o%00, 412",
    "/sda/12/a/c/%00o, 400",
    "/sda/12/%00a/c/o, 400",
  })
  void refusesWhatIsNoObjectsPath(String path, int status) {
    Refused refused =
        catchThrowableOfType(Refused.class, () -> BackendPath.parseObject(path, false));

    assertThat(refused.status()).isEqualTo(status);
  }

  @Test
  void keepsReservedNamesAmongThemselves() {
    assertThat(BackendPath.parseObject("/sda/12/a/%00c/%00o%00v", true).path())
        .isEqualTo(ObjectPath.object("a", "\0c", "\0o\0v"));
    Refused mixed =
        catchThrowableOfType(
            Refused.class, () -> BackendPath.parseObject("/sda/12/a/c/%00o", true));
    assertThat(mixed.status()).isEqualTo(400);
    assertThat(BackendPath.parseObject("/sda/12/.a/c/%00o", true).path())
        .isEqualTo(ObjectPath.object(".a", "c", "\0o"));
  }

  @Test
  void aPathIsTakenApartBeforeItIsDecoded() {
    assertThat(BackendPath.parse("/d1/12/a%2Db/c%20d/e/f%2Fg", false))
        .isEqualTo(new BackendPath("d1", ObjectPath.object("a-b", "c d", "e/f/g")));
    assertThat(BackendPath.parse("/d1/12/a", false).path()).isEqualTo(ObjectPath.account("a"));
    assertThat(BackendPath.parse("/d1/0/a/%00c", true).path())
        .isEqualTo(ObjectPath.container("a", "\0c"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/d1",
        "/d1/1",
        "d1/1/a",
        "/d1/1/",
        "/d1/1/a/",
        "/d1/1/a//o",
        "/d1/1/a/c/",
        "/d1/x/a",
        "/d1/-1/a",
        "/d1/12345678901/a",
        "/../1/a",
        "/./1/a",
        "/d%31/1/a",
        "//1/a",
        "/d1/1/a%2Fb",
        "/d1/1/a/c%2Fd",
        "/d1/1/%00a"
      })
  void aPathThatIsNoneIsRefused(String path) {
    assertRefused(400, () -> BackendPath.parse(path, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/d1/1/%FF", "/d1/1/a/%C3%28", "/d1/1/a/%ED%A0%80", "/d1/1/a/x%00"})
  void aNameThatIsNotUtf8OrHoldsNulIsRefused(String path) {
    assertRefused(412, () -> BackendPath.parse(path, false));
  }

  @Test
  void aPercentSignWithoutTwoDigitsStandsForItself() {
    assertThat(BackendPath.parse("/d1/1/a%/c%2/%zz", false).path())
        .isEqualTo(ObjectPath.object("a%", "c%2", "%zz"));
  }

  @Test
  void reservedAndOtherNamesDoNotMixExceptInInternalAccounts() {
    assertRefused(400, () -> BackendPath.parse("/d1/1/a/%00c/o", true));
    assertRefused(400, () -> BackendPath.parse("/d1/1/a/c/%00o", true));
    assertThat(BackendPath.parse("/d1/1/a/%00c/%00o", true).path().object()).isEqualTo("\0o");
    assertThat(BackendPath.parse("/d1/1/.a/c/%00o", true).path().object()).isEqualTo("\0o");
  }

  @Property(tries = 300)
  void anyPathIsParsedOrRefused(@ForAll String raw) {
    String latin1 = raw.replaceAll("[^\\x00-\\xff]", "%");
    for (String path : Set.of(latin1, "/d1/1/" + latin1)) {
      try {
        assertThat(BackendPath.parse(path, false).device()).isNotEmpty();
      } catch (Refused refused) {
        assertThat(refused.status()).isIn(400, 412);
      }
    }
  }
}
