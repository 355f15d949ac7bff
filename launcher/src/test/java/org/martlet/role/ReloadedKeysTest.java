package org.martlet.role;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.martlet.cluster.ClusterConfig;
import org.martlet.common.config.ConfigException;
import org.martlet.common.config.ConfigReader;
import org.martlet.common.config.ConfigTable;
import org.martlet.containerserver.server.ContainerServerConfig;
import org.martlet.objectserver.server.ObjectServerConfig;
import org.martlet.proxyserver.ProxyServerConfig;

class ReloadedKeysTest {
  private static final Pattern HEADER = Pattern.compile("\\[([\\w.]+)]");
  private static final Pattern KEY = Pattern.compile("(?:# )?(\\w+) = .*");

  /// Keys of paragraphs that say "(reloaded)", or whole tables whose headers are in one.
  private static Set<String> marked(Path sample) throws IOException {
    Set<String> marked = new TreeSet<>();
    String table = "";
    for (String paragraph : Files.readString(sample).split("\n\\s*\n")) {
      boolean reloaded = paragraph.contains("(reloaded)");
      for (String line : paragraph.split("\n")) {
        Matcher header = HEADER.matcher(line);
        Matcher key = KEY.matcher(line);
        if (header.matches()) {
          table = header.group(1);
          if (reloaded) {
            marked.add(table);
          }
        } else if (key.matches() && reloaded && !marked.contains(table)) {
          marked.add(table + "." + key.group(1));
        }
      }
    }
    return marked;
  }

  @ParameterizedTest
  @CsvSource({"cluster, CLUSTER", "proxy-server, PROXY", "replicator, BACKGROUND"})
  void theSamplesMarkWhatIsReadAgain(String file, String which) throws Exception {
    Set<String> keys =
        switch (which) {
          case "CLUSTER" -> ReloadedKeys.CLUSTER;
          case "PROXY" -> ReloadedKeys.PROXY;
          default -> ReloadedKeys.BACKGROUND;
        };
    assertThat(marked(Path.of("../etc/" + file + ".toml"))).isEqualTo(new TreeSet<>(keys));
  }

  /// Else a file that nobody touched would be said to have changed.
  @Test
  void aFileThatIsReadTwiceSaysTheSame() throws Exception {
    assertSame(
        "[cluster]\nsecret = \"0123456789abcdef\"\nhash_suffix = \"x\"", ClusterConfig::read);
    assertSame(sample("proxy-server"), ProxyServerConfig::read);
    assertSame(sample("object-server"), ObjectServerConfig::read);
    assertSame(sample("container-server"), ContainerServerConfig::read);
    assertSame(sample("replicator"), BackgroundConfig::read);
  }

  private static String sample(String name) throws IOException {
    return Files.readString(Path.of("../etc/" + name + ".toml"));
  }

  private static <T> void assertSame(String text, Function<ConfigTable, T> reader)
      throws ConfigException {
    assertThat(ConfigReader.parse("a.toml", text, reader).config())
        .isEqualTo(ConfigReader.parse("a.toml", text, reader).config());
  }

  @ParameterizedTest
  @CsvSource({
    "tempauth.token_life, true",
    "tempauth.user[0].key, true",
    "tempauthor.x, false",
    "client_api.access_log, true",
    "client_api.access_logs, false"
  })
  void aTableStandsForAllInIt(String key, boolean covered) {
    assertThat(ReloadedKeys.covers(ReloadedKeys.PROXY, key)).isEqualTo(covered);
  }
}
