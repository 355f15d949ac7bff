package org.martlet.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.config.ConfigException;
import org.martlet.common.config.ConfigReader;
import org.martlet.common.config.ConfigSample;
import org.martlet.common.config.ConfigTable;

class LogConfigTest {
  @TempDir private Path directory;

  private static LogConfig read(ConfigTable root) {
    root.table("health", health -> health.optionalPath("disable_path"));
    return root.table("log", LogConfig::read);
  }

  private static LogConfig parse(String text) throws ConfigException {
    return ConfigReader.parse("cluster.toml", text, LogConfigTest::read).config();
  }

  @Test
  void theSampleShowsEveryDefault() throws Exception {
    String all = Files.readString(Path.of("../etc/cluster.toml"));
    Path part = directory.resolve("cluster.toml");
    Files.writeString(part, all.substring(all.indexOf("[log]")));
    ConfigSample.check(part, LogConfigTest::read);
  }

  @Test
  void loggersHaveLevelsOfTheirOwn() throws Exception {
    LogConfig config =
        parse(
            """
            [log]
            level = "warn"
            levels = ["org.martlet = debug", "io.netty=off"]
            format = "json"
            """);
    assertThat(config.level()).isEqualTo(LogLevel.WARN);
    assertThat(config.levels())
        .isEqualTo(Map.of("org.martlet", LogLevel.DEBUG, "io.netty", LogLevel.OFF));
    assertThat(config.format()).isEqualTo(LogConfig.Format.JSON);
    assertThat(parse("")).isEqualTo(LogConfig.DEFAULT);
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> parse("[log]\nlevels = [\"debug\"]"))
        .hasMessageContaining("logger = level");
    assertThatThrownBy(() -> parse("[log]\nlevels = [\"a b = debug\"]"))
        .hasMessageContaining("no name of a logger");
    assertThatThrownBy(() -> parse("[log]\nlevels = [\"a = loud\"]"))
        .hasMessageContaining("no level \"loud\"");
    assertThatThrownBy(() -> parse("[log]\nrepeat_interval = \"0 s\""))
        .hasMessageContaining("repeat_interval");
  }
}
