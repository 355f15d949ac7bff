package org.martlet.where;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.martlet.Logging;
import org.martlet.UserMistake;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.ClusterFile;
import org.martlet.common.model.ObjectPath;
import org.martlet.role.ServerFiles;
import org.martlet.terminal.Paint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// `martlet where`: which devices have something, and whether all is as it should be.
@Command(
    name = "where",
    mixinStandardHelpOptions = true,
    description = {
      "Ask every replica and as many handoffs what they have of an object, a container or an"
          + " account: with which clocks, which is the newest, whether all checksums hold, whether"
          + " it is listed; and say what that means.",
      "An object is read whole, and verified, on each device. Nothing is changed."
    },
    footer = {
      "",
      "Exit code: 0 all is as it should be; 1 it is not, or nobody has it; 2 no device answers, or"
          + " a mistake in the call."
    })
public final class WhereCommand implements Callable<Integer> {
  private static final int WELL = 0;
  private static final int UNWELL = 1;
  private static final int NO_ANSWER = 2;

  @Parameters(
      paramLabel = "PATH",
      description = "/ACCOUNT/CONTAINER/OBJECT, /ACCOUNT/CONTAINER or /ACCOUNT.")
  private String name = "";

  @Mixin private ClusterFile cluster = new ClusterFile();

  @Option(
      names = "--policy",
      paramLabel = "INDEX",
      description = "The object's storage policy; default: its container's.")
  private @Nullable Integer policyIndex;

  @Option(
      names = "--handoffs",
      paramLabel = "N",
      description = "How many handoffs to ask; default: as many as there are primaries.")
  private @Nullable Integer handoffs;

  @Option(names = "--all", description = "Ask all devices of the ring.")
  private boolean all;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "How long to wait for a device, which reads the whole object; ${DEFAULT-VALUE}.")
  private int timeout = 60;

  @Option(names = "--json", description = "Print one JSON object (docs/status.md).")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Logging.quiet();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      WhereReport report = report(path(), ServerFiles.cluster(cluster.path()));
      out.println(
          json
              ? mapper().writeValueAsString(report)
              : new WhereSheet(report, Paint.of(spec.commandLine())).text().stripTrailing());
      return report.healthy() ? WELL : UNWELL;
    } catch (UserMistake e) {
      err.println("martlet: " + e.getMessage());
      return NO_ANSWER;
    } finally {
      out.flush();
      err.flush();
    }
  }

  private static JsonMapper mapper() {
    return JsonMapper.builder()
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build();
  }

  private ObjectPath path() {
    String[] names = (name.startsWith("/") ? name : "/" + name).split("/", 4);
    try {
      return switch (names.length) {
        case 2 -> ObjectPath.account(names[1]);
        case 3 -> ObjectPath.container(names[1], names[2]);
        default -> ObjectPath.object(names[1], names[2], names[3]);
      };
    } catch (IllegalArgumentException e) {
      throw new UserMistake(name + " is no path: " + e.getMessage(), e);
    }
  }

  private WhereReport report(ObjectPath path, Cluster known) {
    if (timeout < 1 || timeout > 86_400 || (handoffs != null && handoffs < 0)) {
      throw new UserMistake("--timeout is from 1 to 86400 seconds, --handoffs 0 or more");
    }
    @Nullable Integer asked = all ? (Integer) Integer.MAX_VALUE : handoffs;
    try (Asking asking = new Asking(known, Duration.ofSeconds(timeout))) {
      Search search = new Search(known, asking, asked);
      return path.object() == null ? search.listing(path) : search.object(path, policyIndex);
    }
  }
}
