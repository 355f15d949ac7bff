package org.martlet.e2e.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.e2e.MartletProcess;

class HandbookTest {
  private static final Path FILE = MartletProcess.home().resolve("docs/operations.md");

  @TempDir Path work;

  @Test
  void findsWhatIsToBeRunWhereAndWhatItPrints() throws IOException {
    Path file = work.resolve("handbook.md");
    Files.writeString(
        file,
        """
        ## Disks

        ```sh
        apt install martlet
        ```

        ```sh on=s1,s2 exit=1
        one
        two
        ```

        ```text
        1 …
        ```

        ```text
        of nothing
        ```
        """);
    Handbook handbook = Handbook.read(file);
    assertThat(handbook.headings()).containsExactly("Disks");
    assertThat(handbook.blocks())
        .containsExactly(
            new Handbook.Block(3, "Disks", List.of(), 0, "apt install martlet", ""),
            new Handbook.Block(7, "Disks", List.of("s1", "s2"), 1, "one\ntwo", "1 …"));
  }

  @Test
  void linesMayComeBetweenThoseThatAreShownButTheirOrderCounts() {
    String printed = "node   state\ns1     online (12)\nbetween\ns2     offline\n";
    assertThat(Handbook.missing("node state\n…\ns1 online (…)\ns2 offline", printed)).isEmpty();
    assertThat(Handbook.missing("s2 offline\ns1 online (…)", printed))
        .containsExactly("s1 online (…)");
    assertThat(Handbook.missing("online", printed)).containsExactly("online");
  }

  @Test
  void everyAlertHasASectionThatSaysWhatToDo() throws IOException {
    Path rules = MartletProcess.home().resolve("etc/prometheus/martlet-alerts.yml");
    assumeTrue(Files.exists(rules), "there are no alert rules");
    List<String> alerts =
        Pattern.compile("alert: *(\\w+)")
            .matcher(Files.readString(rules))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(handbook().headings()).containsAll(alerts).doesNotHaveDuplicates();
  }

  @Test
  void everyLinkWithinTheHandbookLeadsToASection() throws IOException {
    List<String> anchors =
        handbook().headings().stream()
            .map(heading -> heading.toLowerCase(Locale.ROOT))
            .map(heading -> heading.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
            .toList();
    assertThat(
            Pattern.compile("\\]\\(#([^)]+)\\)")
                .matcher(Files.readString(FILE))
                .results()
                .map(found -> found.group(1)))
        .isNotEmpty()
        .isSubsetOf(anchors);
  }

  private static Handbook handbook() throws IOException {
    return Handbook.read(FILE);
  }
}
