package org.martlet.device;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.martlet.Logging;
import org.martlet.UserMistake;
import org.martlet.common.http.Endpoint;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What the commands about one device have in common.
///
/// Exit codes: 0, found and sound; 1, not found or damaged, said on standard error; 2, a mistake in
/// the call, or nobody could answer.
abstract class InfoCommand implements Callable<Integer> {
  static final int SOUND = 0;
  static final int UNSOUND = 1;
  private static final int NO_ANSWER = 2;

  @Parameters(
      index = "0",
      paramLabel = "DEVICE",
      description = "The device's directory, e.g. /srv/martlet/d1.")
  private Path directory = Path.of("");

  @Option(
      names = "--cluster",
      paramLabel = "FILE",
      description = {
        "The cluster's file. Default: that of martlet up for a device in its data directory,"
            + " else /etc/martlet/cluster.toml."
      })
  private @Nullable Path clusterFile;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      description = "Where the device's server listens, if not where the object rings say.")
  private @Nullable String server;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  /// What to print, and how it ends.
  ///
  /// @param report as JSON
  /// @param complaint for standard error; empty for none
  record Outcome(String text, Object report, String complaint) {}

  abstract Outcome run(DeviceRequest request, @Nullable Endpoint onlyServer);

  @Override
  public final Integer call() {
    Logging.quiet();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      Path cluster = clusterFile == null ? DeviceRequest.clusterFileFor(directory) : clusterFile;
      Outcome outcome = run(new DeviceRequest(directory, cluster), endpoint());
      out.println(json ? asJson(outcome.report()) : outcome.text().stripTrailing());
      out.flush();
      if (outcome.complaint().isEmpty()) {
        return SOUND;
      }
      err.println("martlet: " + outcome.complaint());
      err.flush();
      return UNSOUND;
    } catch (UserMistake e) {
      err.println("martlet: " + e.getMessage());
      err.flush();
      return NO_ANSWER;
    }
  }

  private static String asJson(Object report) {
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValueAsString(report);
  }

  private @Nullable Endpoint endpoint() {
    String text = server;
    if (text == null) {
      return null;
    }
    int colon = text.lastIndexOf(':');
    try {
      String host = text.substring(0, Math.max(colon, 0)).replace("[", "").replace("]", "");
      return new Endpoint(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new UserMistake("--server is not HOST:PORT: " + text, e);
    }
  }
}
