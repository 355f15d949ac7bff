package org.martlet.role;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.martlet.Logging;
import org.martlet.UserMistake;
import org.martlet.cluster.ClusterFile;
import org.martlet.cluster.NodeClient;
import org.martlet.common.http.Endpoint;
import org.martlet.common.http.PercentCoding;
import org.martlet.log.LogLevel;
import org.martlet.log.LogPage;
import org.martlet.terminal.Sheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `martlet log-level`: shows and sets the levels of a running process's loggers.
@Command(
    name = "log-level",
    mixinStandardHelpOptions = true,
    description = {
      "Show the levels of a running process's loggers, or set some of them.",
      "They are in force until the process is started again or rereads its configuration."
    },
    footer = {"", "Exit code: 0 done; 1 not done."})
public final class LogLevelCommand implements Callable<Integer> {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final int MAX_BYTES = 1 << 20;

  @Mixin private ClusterFile cluster = new ClusterFile();

  @Parameters(
      index = "0",
      paramLabel = "HOST:PORT",
      description = "Any port of the process but that of its metrics.")
  private String server = "";

  @Parameters(
      index = "1..*",
      paramLabel = "LOGGER=LEVEL",
      description = {
        "e.g. org.martlet.proxyserver=debug; ROOT is all loggers. Levels are off, error, warn,",
        "info, debug and trace; none (LOGGER=) for that of the logger above."
      })
  private List<String> changes = new ArrayList<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Logging.quiet();
    List<String> targets = changes.stream().map(LogLevelCommand::target).toList();
    Endpoint process = NodeClient.endpoint(server);
    try (NodeClient client = new NodeClient(ServerFiles.cluster(cluster.path()), ANSWER)) {
      for (String target : targets) {
        ask(client, process, "POST", target);
      }
      print(ask(client, process, "GET", LogPage.PATH));
    }
    return 0;
  }

  private static String target(String change) {
    int equals = change.indexOf('=');
    try {
      if (equals < 0) {
        throw new IllegalArgumentException(change + " is not of the form LOGGER=LEVEL");
      }
      String logger = LogLevel.logger(change.substring(0, equals));
      String level = change.substring(equals + 1);
      String target = LogPage.PATH + "?logger=" + PercentCoding.encode(logger);
      return level.isEmpty() ? target : target + "&level=" + LogLevel.parse(level);
    } catch (IllegalArgumentException e) {
      throw new UserMistake(String.valueOf(e.getMessage()), e);
    }
  }

  private static String ask(NodeClient client, Endpoint process, String method, String target) {
    long deadline = System.nanoTime() + ANSWER.toNanos();
    NodeClient.Answer answer =
        NodeClient.await(client.send(process, method, target), deadline, MAX_BYTES);
    if (answer.fault() != null) {
      throw new UserMistake(process + ": " + answer.fault());
    }
    return answer.body();
  }

  private void print(String levels) {
    PrintWriter out = spec.commandLine().getOut();
    try {
      JsonNode all = JsonMapper.shared().readTree(levels);
      all.properties()
          .forEach(
              level ->
                  out.println(Sheet.shown(level.getKey() + " = " + level.getValue().asString(""))));
      out.flush();
    } catch (JacksonException e) {
      throw new UserMistake("its answer is not understood: is it of another version?", e);
    }
  }
}
