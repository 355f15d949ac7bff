package org.martlet.objectserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.martlet.common.model.ObjectPath;

class TargetPathTest {
  @Test
  void decodesNames() {
    assertThat(TargetPath.parse("/sda/12/AUTH_a/c%20c/o/%C3%A9//%25%zz", false))
        .isEqualTo(new TargetPath("sda", ObjectPath.object("AUTH_a", "c c", "o/é//%%zz")));
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
    Refused refused = catchThrowableOfType(Refused.class, () -> TargetPath.parse(path, false));

    assertThat(refused.status()).isEqualTo(status);
  }

  @Test
  void keepsReservedNamesAmongThemselves() {
    assertThat(TargetPath.parse("/sda/12/a/%00c/%00o%00v", true).object())
        .isEqualTo(ObjectPath.object("a", "\0c", "\0o\0v"));
    Refused mixed =
        catchThrowableOfType(Refused.class, () -> TargetPath.parse("/sda/12/a/c/%00o", true));
    assertThat(mixed.status()).isEqualTo(400);
    assertThat(TargetPath.parse("/sda/12/.a/c/%00o", true).object())
        .isEqualTo(ObjectPath.object(".a", "c", "\0o"));
  }
}
