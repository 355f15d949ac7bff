package org.martlet.role;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.martlet.common.config.ConfigReader;
import org.martlet.common.config.ConfigSample;

/// The file `replicator.toml`.
class BackgroundConfigTest {
  @Test
  void theSampleShowsEveryKeyAndDefault() throws Exception {
    ConfigSample.check(Path.of("../etc/replicator.toml"), BackgroundConfig::read);
  }

  @Test
  void anEmptyFileHasEveryDefault() throws Exception {
    assertThat(ConfigReader.parse("test", "", BackgroundConfig::read).config())
        .isEqualTo(BackgroundConfig.DEFAULT);
  }
}
