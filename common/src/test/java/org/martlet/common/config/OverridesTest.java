package org.martlet.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverridesTest {
  private static final String FILE = "object-server.toml";

  private record User(String name) {
    static User read(ConfigTable table) {
      return new User(table.requiredText("name"));
    }
  }

  private record Listen(String host, int port, Secret secret) {
    static Listen read(ConfigTable table) {
      return new Listen(
          table.text("host", "127.0.0.1"),
          table.integer("port", 6200, 1, 65_535),
          table.secret("secret", new Secret("")));
    }
  }

  private record Config(Listen listen, boolean fast, List<User> users) {
    static Config read(ConfigTable root) {
      return new Config(
          root.table("server_side", Listen::read),
          root.bool("fast", false),
          root.tables("users", User::read));
    }
  }

  @TempDir Path directory;

  private static Config parse(String text, Map<String, String> environment) throws ConfigException {
    return ConfigReader.parse(FILE, text, Overrides.of(FILE, environment), Config::read).config();
  }

  private static List<String> problems(String text, Map<String, String> environment) {
    ConfigException e = catchThrowableOfType(ConfigException.class, () -> parse(text, environment));
    assertThat(e).as("no problem").isNotNull();
    return e.problems().stream().map(ConfigProblem::toString).toList();
  }

  @Test
  void takesThePlaceOfWhatTheFileSays() throws ConfigException {
    Config config =
        parse(
            "[server_side]\nhost = \"a\"\nport = 1\n",
            Map.of("MARTLET_OBJECT_SERVER__SERVER_SIDE__PORT", "6300"));

    assertThat(config.listen().host()).isEqualTo("a");
    assertThat(config.listen().port()).isEqualTo(6300);
  }

  @Test
  void makesTablesThatTheFileLacks() throws ConfigException {
    Config config =
        parse(
            "",
            Map.of(
                "MARTLET_OBJECT_SERVER__SERVER_SIDE__HOST", "0.0.0.0",
                "MARTLET_OBJECT_SERVER__FAST", "true",
                "MARTLET_OBJECT_SERVER__USERS", "[{name = \"x\"}, {name = \"y\"}]"));

    assertThat(config.listen().host()).isEqualTo("0.0.0.0");
    assertThat(config.fast()).isTrue();
    assertThat(config.users()).containsExactly(new User("x"), new User("y"));
  }

  @Test
  void leavesOtherFilesVariablesAlone() throws ConfigException {
    Config config =
        parse(
            "",
            Map.of(
                "MARTLET_CONTAINER_SERVER__SERVER_SIDE__PORT", "1",
                "MARTLET_HEAP", "1g",
                "MARTLET_OBJECT_SERVER_EXTRA__SERVER_SIDE__PORT", "2"));

    assertThat(config.listen().port()).isEqualTo(6200);
  }

  /// As `file` of `[log]`.
  @Test
  void aKeyThatIsCalledFileIsSetAsAnyOther() {
    assertThat(problems("", Map.of("MARTLET_OBJECT_SERVER__SERVER_SIDE__FILE", "/a/file")))
        .singleElement()
        .asString()
        .contains("server_side.file")
        .doesNotContain("cannot be read");
  }

  @Test
  void anEmptyVariableIsNone() throws ConfigException {
    assertThat(parse("", Map.of("MARTLET_OBJECT_SERVER__SERVER_SIDE__PORT", "")).listen().port())
        .isEqualTo(6200);
  }

  @Test
  void readsASecretFromTheFileThatIsNamed() throws ConfigException, IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "12345678901234567890\n");

    Config config =
        parse("", Map.of("MARTLET_OBJECT_SERVER__SERVER_SIDE__SECRET_FILE", secret.toString()));

    assertThat(config.listen().secret().reveal()).isEqualTo("12345678901234567890");
  }

  @Test
  void aSecretOfDigitsCanBeQuoted() throws ConfigException {
    Config config =
        parse("", Map.of("MARTLET_OBJECT_SERVER__SERVER_SIDE__SECRET", "\"1234567890\""));

    assertThat(config.listen().secret().reveal()).isEqualTo("1234567890");
  }

  @Test
  void namesTheVariableThatIsWrong() {
    assertThat(
            problems(
                "[server_side]\nport = 1\n",
                Map.of(
                    "MARTLET_OBJECT_SERVER__SERVER_SIDE__PORT", "70000",
                    "MARTLET_OBJECT_SERVER__SERVER_SIDE__PROT", "1",
                    "MARTLET_OBJECT_SERVER__FAST", "[half",
                    "MARTLET_OBJECT_SERVER__SERVER_SIDE__SECRET_FILE",
                        directory.resolve("none").toString())))
        .satisfiesExactlyInAnyOrder(
            it ->
                assertThat(it)
                    .startsWith(
                        "server_side.port, set by MARTLET_OBJECT_SERVER__SERVER_SIDE__PORT, is"),
            it ->
                assertThat(it)
                    .isEqualTo(
                        "server_side.prot, set by MARTLET_OBJECT_SERVER__SERVER_SIDE__PROT, is"
                            + " unknown; did you mean port?"),
            it ->
                assertThat(it)
                    .startsWith("MARTLET_OBJECT_SERVER__FAST begins as a TOML value")
                    .doesNotContain("half"),
            it ->
                assertThat(it)
                    .startsWith(
                        "MARTLET_OBJECT_SERVER__SERVER_SIDE__SECRET_FILE names a file that"
                            + " cannot be read"));
  }

  @Test
  void aKeyThatIsGivenTwiceIsRefused() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret"), "x");

    assertThat(
            problems(
                "",
                Map.of(
                    "MARTLET_OBJECT_SERVER__SERVER_SIDE__SECRET",
                    "y",
                    "MARTLET_OBJECT_SERVER__SERVER_SIDE__SECRET_FILE",
                    secret.toString())))
        .containsExactly(
            "MARTLET_OBJECT_SERVER__SERVER_SIDE__SECRET_FILE says the same key as"
                + " MARTLET_OBJECT_SERVER__SERVER_SIDE__SECRET");
  }

  @Test
  void theFileMayBeMissingWhereThereAreVariables() throws ConfigException {
    Path file = directory.resolve(FILE);
    Overrides overrides =
        Overrides.of(FILE, Map.of("MARTLET_OBJECT_SERVER__SERVER_SIDE__PORT", "6300"));

    assertThat(ConfigReader.read(file, overrides, Config::read).config().listen().port())
        .isEqualTo(6300);
    assertThatThrownBy(() -> ConfigReader.read(file, Overrides.NONE, Config::read))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void findsVariablesThatAreForNoFile() {
    assertThat(
            Overrides.ofNoFile(
                List.of(FILE, "cluster.toml"),
                Map.of(
                    "MARTLET_OBJECT_SERVER__X", "1",
                    "MARTLET_OBJECTSERVER__X", "1",
                    "MARTLET_HEAP", "1g",
                    "PATH", "/bin")))
        .containsExactly("MARTLET_OBJECTSERVER__X");
  }
}
