package org.martlet.e2e.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandbookTest {
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
}
