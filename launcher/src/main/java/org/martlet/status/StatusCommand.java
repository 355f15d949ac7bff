package org.martlet.status;

import java.io.PrintWriter;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.martlet.UserMistake;
import org.martlet.terminal.Paint;
import org.martlet.terminal.Screen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// `martlet status`: whether a cluster is well, and what its background work is at.
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Show whether a cluster is well and what needs looking after, with what to do; its nodes,"
          + " devices, rings, capacity, and what replication and the other background services are"
          + " at: done, left, rate, time to the end, and why they wait.",
      "All servers that the rings name are asked, for at most five seconds each."
    },
    footer = {
      "",
      "Exit code: 0 healthy; 1 something needs looking after; 2 no server answers, or a mistake in"
          + " the call. With --watch that of the last look."
    })
public final class StatusCommand extends ClusterCommand {
  private static final double DEFAULT_SECONDS = 2;

  @Option(
      names = "--json",
      description = "Print one JSON object (docs/status.md); with --watch one a line.")
  private boolean json;

  @Option(
      names = "--watch",
      arity = "0..1",
      fallbackValue = "2",
      paramLabel = "SECONDS",
      description =
          "Look again every so many seconds (2) until Ctrl-C: a live table on a terminal, a line a"
              + " look elsewhere.")
  private @Nullable Double watch;

  @Option(names = "--looks", hidden = true, description = "End --watch after so many looks.")
  private int looks = Integer.MAX_VALUE;

  @Override
  int run(StorageNodes nodes, PrintWriter out, PrintWriter err) {
    if (watch != null && !(watch >= 0.1 && watch <= 86_400)) {
      throw new UserMistake("--watch " + watch + ": give seconds from 0.1 to 86400");
    }
    Paint paint = Paint.of(commandLine());
    if (watch == null) {
      ClusterStatus status = survey(nodes);
      out.println(
          json
              ? mapper(true).writeValueAsString(status)
              : new StatusSheet(status, null, paint).text().stripTrailing());
      return status.healthy() ? WELL : UNWELL;
    }
    try (Screen screen = json ? Screen.none(out) : Screen.of(out)) {
      return watch(nodes, screen, paint);
    }
  }

  private static ClusterStatus survey(StorageNodes nodes) {
    return new Survey(nodes, InstantSource.system()).take();
  }

  private static JsonMapper mapper(boolean indented) {
    return JsonMapper.builder()
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .configure(SerializationFeature.INDENT_OUTPUT, indented)
        .build();
  }

  /// Ends with the process, or after so many looks. A look at which nobody answers is told, and the
  /// next one follows.
  private int watch(StorageNodes nodes, Screen screen, Paint paint) {
    double seconds = watch == null ? DEFAULT_SECONDS : watch;
    @Nullable ClusterStatus before = null;
    int code = NO_ANSWER;
    for (int look = 0; look < looks; look++) {
      if (look > 0 && !Screen.pause(seconds)) {
        break;
      }
      try {
        ClusterStatus status = survey(nodes);
        StatusSheet sheet = new StatusSheet(status, Rates.between(before, status), paint);
        if (json) {
          screen.line(mapper(false).writeValueAsString(status));
        } else if (screen.isLive()) {
          screen.draw(sheet.text());
        } else {
          screen.line(sheet.line());
        }
        before = status;
        code = status.healthy() ? WELL : UNWELL;
      } catch (UserMistake e) {
        code = NO_ANSWER;
        String told = InstantSource.system().instant() + " " + e.getMessage();
        if (screen.isLive()) {
          screen.draw(paint.red(told));
        } else {
          screen.line(
              json ? "{\"fault\":\"no storage node answers\"}" : told.replaceAll("\n *", " "));
        }
      }
    }
    return code;
  }
}
