package org.martlet.terminal;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where something is shown again and again: on a terminal in place, on a screen of its own that
/// gives way to what was there before; elsewhere line by line.
///
/// What is drawn goes over what was there, line by line and in one write, so nothing flickers. When
/// the process is told to stop, the terminal is given back first.
///
/// - Threads: one, beside the process's end.
public final class Screen implements AutoCloseable {
  private static final String ENTER = "\u001b[?1049h\u001b[?25l";
  private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
  private static final String HOME = "\u001b[H";
  private static final String REST_OF_LINE = "\u001b[K";
  private static final String REST_OF_SCREEN = "\u001b[J";
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9]*m");
  private static final Size USUAL = new Size(24, 80);

  private final PrintWriter out;
  private final boolean live;
  private final Thread restoring;
  private boolean left;

  /// Of a terminal.
  record Size(int rows, int columns) {}

  private Screen(PrintWriter out, boolean live) {
    this.out = out;
    this.live = live;
    this.restoring = Thread.ofPlatform().unstarted(this::leave);
    if (live) {
      Runtime.getRuntime().addShutdownHook(restoring);
      out.print(ENTER);
      out.flush();
    }
  }

  /// Live where standard output is a terminal that knows how.
  @SuppressWarnings("SystemConsoleNull") // from JDK 25 on it is null again without a terminal
  public static Screen of(PrintWriter out) {
    Console console = System.console();
    String kind = System.getenv("TERM");
    return new Screen(
        out, console != null && console.isTerminal() && kind != null && !kind.equals("dumb"));
  }

  /// Line by line, wherever it goes.
  public static Screen none(PrintWriter out) {
    return new Screen(out, false);
  }

  public boolean isLive() {
    return live;
  }

  /// Adds a line.
  public void line(String line) {
    out.println(line);
    out.flush();
  }

  /// Shows a text in place of the one before, as much of it as there is room for.
  public synchronized void draw(String text) {
    if (!left) {
      out.print(frame(text, size()));
      out.flush();
    }
  }

  /// What to write so that a terminal shows a text and nothing else.
  static String frame(String text, Size size) {
    List<String> lines = text.stripTrailing().lines().toList();
    boolean fits = lines.size() < size.rows();
    int shown = fits ? lines.size() : Math.max(1, size.rows() - 2);
    StringBuilder frame = new StringBuilder(HOME);
    for (String line : lines.subList(0, shown)) {
      frame.append(cut(line, size.columns())).append(REST_OF_LINE).append("\r\n");
    }
    if (!fits) {
      frame
          .append("… ")
          .append(lines.size() - shown)
          .append(" lines more: make the window larger")
          .append(REST_OF_LINE);
    }
    return frame.append(REST_OF_SCREEN).toString();
  }

  /// So much of a line as fits; colours take no room, and end with it.
  private static String cut(String line, int columns) {
    StringBuilder kept = new StringBuilder();
    Matcher colour = COLOUR.matcher(line);
    int width = 0;
    int at = 0;
    while (at < line.length() && width < columns) {
      if (colour.region(at, line.length()).lookingAt()) {
        kept.append(colour.group());
        at = colour.end();
      } else {
        kept.append(line.charAt(at++));
        width++;
      }
    }
    return at < line.length() ? kept.append("\u001b[0m").toString() : kept.toString();
  }

  /// Asked every time: windows change.
  private static Size size() {
    try {
      Process asked =
          new ProcessBuilder("stty", "size").redirectInput(ProcessBuilder.Redirect.INHERIT).start();
      String[] told =
          new String(asked.getInputStream().readNBytes(100), StandardCharsets.US_ASCII)
              .strip()
              .split(" ");
      asked.waitFor(1, TimeUnit.SECONDS);
      return told.length == 2
              && told[0].matches("[1-9][0-9]{0,3}")
              && told[1].matches("[1-9][0-9]{0,3}")
          ? new Size(Integer.parseInt(told[0]), Integer.parseInt(told[1]))
          : USUAL;
    } catch (IOException e) {
      return USUAL;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL;
    }
  }

  /// @return false if the thread was interrupted
  public static boolean pause(double seconds) {
    try {
      Thread.sleep(Duration.ofMillis(Math.round(seconds * 1000)));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized void leave() {
    if (live && !left) {
      left = true;
      out.print(LEAVE);
      out.flush();
    }
  }

  @Override
  public void close() {
    leave();
    if (live && !isEnding()) {
      Runtime.getRuntime().removeShutdownHook(restoring);
    }
  }

  /// Whether the process ends: then the hook runs, or has run, and cannot be removed.
  private boolean isEnding() {
    return restoring.getState() != Thread.State.NEW;
  }
}
