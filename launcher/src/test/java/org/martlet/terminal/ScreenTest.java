package org.martlet.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class ScreenTest {
  @Test
  void aFrameGoesOverTheOneBeforeAndClearsWhatIsLeft() {
    assertThat(Screen.frame("a\nb\n", new Screen.Size(24, 80)))
        .isEqualTo("\u001b[Ha\u001b[K\r\nb\u001b[K\r\n\u001b[J");
  }

  @Test
  void aFrameIsNeverLargerThanTheTerminal() {
    String frame = Screen.frame("x\n".repeat(50), new Screen.Size(10, 80));
    assertThat(frame.lines()).hasSize(9);
    assertThat(frame).contains("42 lines more");
  }

  @Test
  void aLineIsCutAtTheEdgeAndItsColourEndsThere() {
    assertThat(Screen.frame("\u001b[31mabcdef\u001b[0m", new Screen.Size(10, 3)))
        .isEqualTo("\u001b[H\u001b[31mabc\u001b[0m\u001b[K\r\n\u001b[J");
  }

  @Test
  void elsewhereThanOnATerminalLinesAreAdded() {
    StringWriter text = new StringWriter();
    try (Screen screen = Screen.none(new PrintWriter(text))) {
      assertThat(screen.isLive()).isFalse();
      screen.line("one");
      screen.line("two");
    }
    assertThat(text.toString().lines()).containsExactly("one", "two");
  }
}
