package org.martlet.objectserver.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.martlet.common.config.ConfigException;
import org.martlet.common.config.ConfigReader;
import org.martlet.common.config.ConfigSample;

class ObjectServerConfigTest {
  @Test
  void sampleShowsEveryDefault() {
    Path sample = Path.of("..", "etc", "object-server.toml");

    assertThatCode(() -> ConfigSample.check(sample, ObjectServerConfig::read))
        .doesNotThrowAnyException();
  }

  @Test
  void reportsEveryBodyThatNoMemoryIsThereFor() {
    String text =
        """
        [devices]
        root = "/srv/martlet"
        [requests]
        read_chunk = "4 MiB"
        [memory]
        incoming = "1 MiB"
        outgoing = "2 MiB"
        [store]
        inline_limit = "1025 KiB"
        """;

    assertThatThrownBy(() -> ConfigReader.parse("test", text, ObjectServerConfig::read))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("inline_limit (1025 KiB) is larger than memory.incoming (1 MiB)")
        .hasMessageContaining("read_chunk (4 MiB) is larger than memory.outgoing (2 MiB)");
  }

  @Test
  void reportsReservesThatContradictEachOther() {
    String text =
        """
        [devices]
        root = "/srv/martlet"
        [store]
        reserve_percent = 1
        reserve_hard_percent = 2
        """;

    assertThatThrownBy(() -> ConfigReader.parse("test", text, ObjectServerConfig::read))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("reserves are not in order");
  }
}
