package org.martlet.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.UserMistake;
import org.martlet.common.config.ConfigTable;
import org.martlet.common.config.Secret;
import org.slf4j.LoggerFactory;

class LiveFilesTest {
  private record Config(int rate, int port, Secret key) {
    static Config read(ConfigTable root) {
      return root.table(
          "server",
          table ->
              new Config(
                  table.integer("rate", 1, 0, 100),
                  table.integer("port", 80, 0, 100),
                  table.secret("key", new Secret(""))));
    }
  }

  private final Logger logger = (Logger) LoggerFactory.getLogger(LiveFiles.class);
  private final ListAppender<ILoggingEvent> written = new ListAppender<>();
  private final LiveFiles files = new LiveFiles();
  private final List<Config> changes = new ArrayList<>();

  @TempDir private Path directory;

  @BeforeEach
  void attach() {
    written.start();
    logger.addAppender(written);
    logger.setLevel(Level.INFO);
  }

  @AfterEach
  void detach() {
    logger.detachAppender(written);
    logger.setLevel(null);
  }

  private String lastLine() {
    return written.list.getLast().getFormattedMessage();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private LiveFiles.LiveFile<Config> live(String name, String text) throws IOException {
    write(name, text);
    LiveFiles.LiveFile<Config> file = files.read(directory.resolve(name), Config::read);
    file.onChange(Set.of("server.rate", "server.key"), changes::add);
    return file;
  }

  @Test
  void whatIsMarkedTakesEffectAndTheRestIsNamed() throws Exception {
    LiveFiles.LiveFile<Config> file = live("a.toml", "[server]\nrate = 2");
    write("a.toml", "[server]\nrate = 3\nport = 81");
    files.reload();
    assertThat(changes).singleElement().extracting(Config::rate).isEqualTo(3);
    assertThat(file.config().rate()).isEqualTo(3);
    assertThat(lastLine())
        .endsWith(
            "a.toml was read again: in force now: server.rate; in force after the next start:"
                + " server.port");
    files.reload();
    assertThat(changes).hasSize(1);
    assertThat(lastLine()).endsWith("nothing has changed");
  }

  @Test
  void aChangedSecretIsSeenAndNotShown() throws Exception {
    live("a.toml", "[server]\nkey = \"one long secret\"");
    write("a.toml", "[server]\nkey = \"another long secret\"");
    files.reload();
    assertThat(changes)
        .singleElement()
        .extracting(c -> c.key().reveal())
        .isEqualTo("another long secret");
    assertThat(written.list)
        .map(ILoggingEvent::getFormattedMessage)
        .noneMatch(line -> line.contains("long secret"));
  }

  @Test
  void oneBadFileKeepsAllAsTheyAre() throws Exception {
    live("a.toml", "[server]\nrate = 2");
    live("b.toml", "[server]\nrate = 2");
    live("c.toml", "[server]\nrate = 2");
    write("a.toml", "[server]\nrate = 3");
    write("b.toml", "[server]\nrate = 300");
    write("c.toml", "[server]\nraet = 3");
    files.reload();
    assertThat(changes).isEmpty();
    assertThat(lastLine()).contains("nothing was changed", "b.toml", "300", "c.toml", "raet");
    Files.delete(directory.resolve("b.toml"));
    write("c.toml", "");
    files.reload();
    assertThat(changes).isEmpty();
    assertThat(lastLine()).contains("there is no such file");
  }

  @Test
  void anOptionalFileMayComeAndGo() throws Exception {
    LiveFiles.LiveFile<Config> file = files.readOptional(directory.resolve("o.toml"), Config::read);
    file.onChange(Set.of("server"), changes::add);
    assertThat(file.config().rate()).isEqualTo(1);
    write("o.toml", "[server]\nrate = 9");
    files.reload();
    assertThat(file.config().rate()).isEqualTo(9);
    Files.delete(directory.resolve("o.toml"));
    files.reload();
    assertThat(changes).extracting(Config::rate).containsExactly(9, 1);
  }

  @Test
  void aStartIsRefusedWithAllProblemsOfAllFiles() throws Exception {
    write("a.toml", "[server]\nrate = 300\nprot = 1");
    FileCheck check = new FileCheck();
    check.file(directory.resolve("a.toml"), Config::read);
    check.file(directory.resolve("missing.toml"), Config::read);
    check.optional(directory.resolve("also-missing.toml"), Config::read);
    assertThat(check.cluster(directory.resolve("cluster.toml"))).isEmpty();
    assertThatThrownBy(check::finish)
        .isInstanceOf(UserMistake.class)
        .hasMessageContaining("rate")
        .hasMessageContaining("prot")
        .hasMessageContaining("missing.toml: there is no such file")
        .hasMessageContaining("cluster.toml: there is no such file")
        .hasMessageNotContaining("also-missing");
  }
}
