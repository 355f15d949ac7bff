package org.martlet.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.model.ByteSize;

class ConfigReaderTest {
  private enum Quorum {
    MAJORITY,
    AS_SWIFT
  }

  private record Listen(String address, int port) {
    static Listen read(ConfigTable table) {
      return new Listen(table.text("address", "127.0.0.1"), table.integer("port", 8080, 1, 65_535));
    }
  }

  private record Limits(ByteSize low, ByteSize high, Duration timeout) {
    Limits {
      if (low.compareTo(high) > 0) {
        throw new IllegalArgumentException("low is above high");
      }
    }

    static Limits read(ConfigTable table) {
      return new Limits(
          table.size("low", ByteSize.ofKiB(64)),
          table.size("high", ByteSize.ofMiB(1)),
          table.duration("timeout", Duration.ofSeconds(10)));
    }
  }

  private record User(String name, Secret key) {
    static User read(ConfigTable table) {
      return new User(table.requiredText("name"), table.requiredSecret("key"));
    }
  }

  private record Server(
      Path data, boolean fast, Quorum quorum, Listen listen, Limits limits, List<User> users) {
    static Server read(ConfigTable root) {
      return new Server(
          root.path("data", Path.of("/srv/node")),
          root.bool("fast", true),
          root.choice("quorum", Quorum.MAJORITY),
          root.table("listen", Listen::read),
          root.table("limits", Limits::read),
          root.tables("users", User::read));
    }
  }

  private static Server parse(String text) throws ConfigException {
    return ConfigReader.parse("test.toml", text, Server::read).config();
  }

  private static List<String> problems(String text) {
    return problems(text, Server::read);
  }

  private static List<String> problems(String text, Function<ConfigTable, ?> reader) {
    ConfigException e =
        catchThrowableOfType(
            ConfigException.class, () -> ConfigReader.parse("test.toml", text, reader));
    assertThat(e).as("no problem in: " + text).isNotNull();
    return e.problems().stream().map(ConfigProblem::toString).toList();
  }

  @Test
  void givesEveryKeyItsDefault() throws Exception {
    assertThat(parse(""))
        .isEqualTo(
            new Server(
                Path.of("/srv/node"),
                true,
                Quorum.MAJORITY,
                new Listen("127.0.0.1", 8080),
                new Limits(ByteSize.ofKiB(64), ByteSize.ofMiB(1), Duration.ofSeconds(10)),
                List.of()));
  }

  @Test
  void readsValuesOfEveryType() throws Exception {
    Server server =
        parse(
            """
            data = "/mnt/a"
            fast = false
            quorum = "as-swift"

            [listen]
            port = 9000 # inline comments are fine

            [limits]
            low = 4096
            high = "2 GiB"
            timeout = "500 ms"

            [[users]]
            name = "tester"
            key = "testing"

            [[users]]
            name = "other"
            key = "x"
            """);

    assertThat(server)
        .isEqualTo(
            new Server(
                Path.of("/mnt/a"),
                false,
                Quorum.AS_SWIFT,
                new Listen("127.0.0.1", 9000),
                new Limits(ByteSize.ofKiB(4), ByteSize.ofGiB(2), Duration.ofMillis(500)),
                List.of(
                    new User("tester", new Secret("testing")),
                    new User("other", new Secret("x")))));
  }

  @Test
  void readsOptionalAndNamedThings() throws Exception {
    record Odd(
        Optional<String> a,
        Optional<Path> b,
        Optional<Secret> c,
        List<String> list,
        double share,
        long big,
        Map<String, Listen> named) {}
    Function<ConfigTable, Odd> reader =
        root ->
            new Odd(
                root.optionalText("a"),
                root.optionalPath("b"),
                root.optionalSecret("c"),
                root.texts("list", List.of("x")),
                root.decimal("share", 0.5, 0, 1),
                root.integer("big", 1L, 0L, Long.MAX_VALUE),
                root.named("server", Listen::read));

    assertThat(ConfigReader.parse("t", "", reader).config())
        .isEqualTo(
            new Odd(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of("x"),
                0.5,
                1L,
                Map.of()));
    assertThat(
            ConfigReader.parse(
                    "t",
                    """
                    a = ""
                    b = "p"
                    c = "s"
                    list = ["1", "2"]
                    share = 1
                    big = 999_999_999_999_999_999
                    server.one.port = 1
                    [server.two]
                    port = 2
                    """,
                    reader)
                .config())
        .isEqualTo(
            new Odd(
                Optional.of(""),
                Optional.of(Path.of("p")),
                Optional.of(new Secret("s")),
                List.of("1", "2"),
                1.0,
                999_999_999_999_999_999L,
                Map.of("one", new Listen("127.0.0.1", 1), "two", new Listen("127.0.0.1", 2))));
    assertThat(problems("server.one.prot = 1\nlist = [1]\nb = \"\"", reader))
        .containsExactlyInAnyOrder(
            "line 1: server.one.prot is unknown; did you mean port?",
            "line 2: list is not a text in quotes: 1",
            "line 3: b is an empty path");
  }

  @Test
  void reportsEveryProblemWithItsLineAtOnce() {
    assertThat(
            problems(
                """
                fast = "yes"
                quorum = "half"
                colour = 1

                [listen]
                prot = 80
                port = 65536

                [limits]
                low = "2 XB"
                timeout = 10
                """))
        .containsExactlyInAnyOrder(
            "line 1: fast is neither true nor false: \"yes\"",
            "line 2: quorum is none of majority, as-swift: \"half\"",
            "line 3: colour is unknown",
            "line 6: listen.prot is unknown; did you mean port?",
            "line 7: listen.port is not from 1 to 65535: 65536",
            "line 10: limits.low is not a size: \"2 XB\"; write e.g. 65536, \"64 KiB\" or \"1 GiB\"",
            "line 11: limits.timeout is not a text in quotes: 10");
  }

  @Test
  void listsTheProblemsInTheMessageInTheOrderOfTheFile() {
    assertThatThrownBy(() -> parse("zebra = 1\nfast = 3\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            """
            test.toml has 2 problems:
              line 1: zebra is unknown
              line 2: fast is neither true nor false: 3""");
    assertThatThrownBy(() -> parse("fast = 3"))
        .hasMessage("test.toml: line 1: fast is neither true nor false: 3");
  }

  @Test
  void reportsWhatARecordRefusesAndGoesOn() {
    assertThat(problems("[limits]\nlow = \"2 MiB\"\n[listen]\nport = 0\n"))
        .containsExactlyInAnyOrder(
            "line 1: [limits]: low is above high", "line 4: listen.port is not from 1 to 65535: 0");
  }

  @Test
  void doesNotBlameARecordForAValueThatWasWrongBefore() {
    assertThat(problems("[limits]\nlow = \"much\"\nhigh = \"1 KiB\"\n"))
        .singleElement()
        .asString()
        .startsWith("line 2: limits.low is not a size");
  }

  @Test
  void tellsInWhichTableAKeyBelongs() {
    assertThat(problems("timeout = \"1 s\"\n[limits]\nfast = true\n"))
        .containsExactlyInAnyOrder(
            "line 1: timeout is unknown; it belongs in [limits]",
            "line 3: limits.fast is unknown; it belongs at the top of the file");
  }

  @Test
  void findsTablesThatAreNoneAndKeysOfElements() {
    assertThat(problems("listen = 1\nusers = 2\n"))
        .containsExactlyInAnyOrder(
            "line 1: listen must be a table: [listen]",
            "line 2: users must be a list of tables: [[users]]");
    assertThat(problems("[[users]]\nname = \"a\"\nkey = \"k\"\n[[users]]\nkey = 5\nnme = \"b\"\n"))
        .containsExactlyInAnyOrder(
            "users[2].name is missing",
            "line 5: users[2].key is not a text in quotes",
            "line 6: users[2].nme is unknown; did you mean name?");
  }

  @Test
  void reportsAMissingKeyEvenIfItsRecordCannotBeMadeWithoutIt() {
    record Strict(String name) {
      Strict {
        if (name.isEmpty()) {
          throw new IllegalArgumentException("no name");
        }
      }
    }
    Function<ConfigTable, Object> reader =
        root -> root.table("a", t -> new Strict(t.requiredText("name")));

    assertThat(problems("[a]\nnmae = \"x\"\n", reader))
        .containsExactlyInAnyOrder(
            "a.name is missing", "line 2: a.nmae is unknown; did you mean name?");
  }

  @Test
  void tellsWhereATextIsNoToml() {
    assertThat(problems("a = 1\nb = = 2\n"))
        .singleElement()
        .asString()
        .startsWith("line 2: not TOML: ");
    assertThat(problems("a = 1\na = 2\n")).singleElement().asString().contains("not TOML");
  }

  @Test
  void refusesNumbersThatTheParserWouldCut() {
    assertThat(problems("fast = true\na = 9223372036854775807"))
        .containsExactly("line 2: a number of more than 18 digits");
    assertThat(problems("a = [\n 1,\n 9_223_372_036_854_775_807]"))
        .containsExactly("line 3: a number of more than 18 digits");
    assertThat(problems("a = \"9223372036854775807\" # 9223372036854775807"))
        .containsExactly("line 1: a is unknown");
  }

  @Test
  void tellsThatAFileIsMissingOrNoText(@TempDir Path directory) throws Exception {
    Path missing = directory.resolve("no.toml");
    assertThatThrownBy(() -> ConfigReader.read(missing, Server::read))
        .isInstanceOf(ConfigException.class)
        .hasMessage(missing + ": there is no such file");
    Path binary = directory.resolve("binary.toml");
    Files.write(binary, new byte[] {(byte) 0xff, 0});
    assertThatThrownBy(() -> ConfigReader.read(binary, Server::read))
        .hasMessage(binary + ": it is not UTF-8 text");
    Path good = directory.resolve("good.toml");
    Files.write(good, "fast = false".getBytes(StandardCharsets.UTF_8));
    assertThat(ConfigReader.read(good, Server::read).config().fast()).isFalse();
  }

  @Test
  void printsWhatIsInForceWithoutSecrets() throws Exception {
    String text =
        """
        data = "/with \\"quotes\\""

        [listen]
        port = 9000

        [[users]]
        name = "tester"
        key = "testing"
        """;
    String effective = ConfigReader.parse("test.toml", text, Server::read).effective();

    assertThat(effective)
        .isEqualTo(
            """
            data = "/with \\"quotes\\""
            fast = true
            quorum = "majority"

            [listen]
            address = "127.0.0.1"
            port = 9000

            [limits]
            low = "64 KiB"
            high = "1 MiB"
            timeout = "10 s"

            [[users]]
            name = "tester"
            key = "(hidden)"
            """);
    assertThat(parse(effective.replace("(hidden)", "testing"))).isEqualTo(parse(text));
  }

  @Test
  void showsNoSecretInAProblem() {
    assertThat(problems("[[users]]\nname = \"a\"\nkey = 123456\n"))
        .noneMatch(problem -> problem.contains("123456"));
    assertThat(new Secret("hush").toString()).doesNotContain("hush");
  }
}
