package org.martlet.common.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigSampleTest {
  @TempDir private Path directory;

  private static List<Object> read(ConfigTable root) {
    return List.of(
        root.requiredPath("data"),
        root.table("http", t -> t.integer("port", 8080, 1, 65_535)),
        root.optionalText("name"),
        root.tables("users", t -> t.text("role", "none")));
  }

  private Path sample(String text) throws Exception {
    return Files.writeString(directory.resolve("sample.toml"), text);
  }

  private static final String GOOD =
      """
      # Where everything is. Prose that says nothing = something is a trap; this is none.
      data = "/srv/node"
      # name = "example"

      [http]
      # The port, of course.
      # port = 8080

      # [[users]]
      # role = "admin"
      """;

  @Test
  void acceptsASampleThatShowsEveryDefault() throws Exception {
    Path sample = sample(GOOD);

    assertThatCode(() -> ConfigSample.check(sample, ConfigSampleTest::read))
        .doesNotThrowAnyException();
  }

  @Test
  void findsADefaultThatDiffers() throws Exception {
    Path sample = sample(GOOD.replace("8080", "8081"));

    assertThatThrownBy(() -> ConfigSample.check(sample, ConfigSampleTest::read))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("8081");
  }

  @Test
  void findsAKeyThatIsNotShown() throws Exception {
    Path noPort = sample(GOOD.replace("# port = 8080", ""));
    assertThatThrownBy(() -> ConfigSample.check(noPort, ConfigSampleTest::read))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("http.port");

    Path noName = sample(GOOD.replace("# name = \"example\"", ""));
    assertThatThrownBy(() -> ConfigSample.check(noName, ConfigSampleTest::read))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("name");
  }

  @Test
  void findsAKeyThatDoesNotExist() throws Exception {
    Path sample = sample(GOOD.replace("# port = 8080", "# port = 8080\n# prt = 1"));

    assertThatThrownBy(() -> ConfigSample.check(sample, ConfigSampleTest::read))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("http.prt");
  }

  @Test
  void findsADefaultThatIsSetInsteadOfShown() throws Exception {
    Path sample = sample(GOOD.replace("# port", "port"));

    assertThatThrownBy(() -> ConfigSample.check(sample, ConfigSampleTest::read))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("http.port");
  }
}
