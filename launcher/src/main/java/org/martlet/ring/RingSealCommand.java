package org.martlet.ring;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.martlet.UserMistake;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.NodeClient;
import org.martlet.common.ring.AtomicFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `martlet ring seal`: makes what lets a plain web server give rings away.
@Command(
    name = "seal",
    mixinStandardHelpOptions = true,
    description = {
      "Write FILE.seal beside each ring file, so that servers can fetch both from any web server"
          + " (ring_sources) and tell that they are this cluster's."
    })
final class RingSealCommand extends RingServersCommand {
  @Mixin private ServerOptions options = new ServerOptions();

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "Ring files.")
  private List<Path> files = List.of();

  @Override
  ServerOptions options() {
    return options;
  }

  @Override
  int run(Cluster cluster, NodeClient client, PrintWriter out, PrintWriter err) {
    for (Path file : files) {
      GivenRing ring = GivenRing.read(file);
      Path seal = file.resolveSibling(file.getFileName() + ".seal");
      byte[] line = (ring.seal(cluster.ringSeal()) + "\n").getBytes(StandardCharsets.UTF_8);
      try {
        AtomicFile.write(seal, to -> to.write(line));
      } catch (IOException e) {
        throw new UserMistake(seal + " cannot be written: " + e.getMessage(), e);
      }
      out.println(seal + ": ring " + ring.name() + ", version " + ring.ring().version());
    }
    return 0;
  }
}
