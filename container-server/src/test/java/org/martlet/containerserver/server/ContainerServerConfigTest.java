package org.martlet.containerserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.martlet.common.config.ConfigException;
import org.martlet.common.config.ConfigReader;
import org.martlet.common.config.ConfigSample;

/// The file `container-server.toml`.
class ContainerServerConfigTest {
  @Test
  void theSampleShowsEveryKeyAndDefault() throws Exception {
    ConfigSample.check(Path.of("../etc/container-server.toml"), ContainerServerConfig::read);
  }

  @Test
  void aFileWithOnlyTheDevicesHasEveryDefault() throws Exception {
    ContainerServerConfig config =
        ConfigReader.parse("test", "[devices]\nroot = \"/srv\"", ContainerServerConfig::read)
            .config();
    assertThat(config)
        .isEqualTo(ContainerServerConfig.on("127.0.0.1", 6201, 6202, Path.of("/srv")));
  }

  @Test
  void everyProblemIsReportedAtOnce() {
    String text =
        """
        [devices]
        root = "/srv"
        [requests]
        thread_per_device = 3
        batch_memory = "1 MiB"
        [reports]
        interval = "0 s"
        """;
    assertThatThrownBy(() -> ConfigReader.parse("test", text, ContainerServerConfig::read))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("threads_per_device")
        .hasMessageContaining("memory for batches")
        .hasMessageContaining("a time for account reports is not positive");
  }
}
