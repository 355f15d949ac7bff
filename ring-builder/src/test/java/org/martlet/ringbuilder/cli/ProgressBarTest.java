package org.martlet.ringbuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final StringWriter err = new StringWriter();

  @Test
  void isOneLineThatIsWrittenOverAndTakenAway() {
    ProgressBar bar = new ProgressBar(new PrintWriter(err), true);
    bar.clear();
    assertThat(err.toString()).isEmpty();
    bar.at(1, 4, "assigning partitions");
    bar.at(4, 4, "done");
    bar.clear();
    bar.clear();
    assertThat(err.toString())
        .isEqualTo(
            "\r\u001b[K[######                  ] 1/4 assigning partitions"
                + "\r\u001b[K[########################] 4/4 done"
                + "\r\u001b[K");
  }

  @Test
  void nothingIsWrittenWhereNobodyLooks() {
    ProgressBar bar = new ProgressBar(new PrintWriter(err), false);
    bar.at(1, 2, "assigning partitions");
    bar.clear();
    assertThat(err.toString()).isEmpty();
  }
}
