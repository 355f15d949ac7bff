package org.martlet.ringbuilder.cli;

import com.google.common.collect.Iterables;
import com.google.common.net.UrlEscapers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PartitionId;
import org.martlet.common.model.PathHasher;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// `get-nodes RING account [container [object]]`: where something is stored, and where else to
/// look.
@Command(
    name = "get-nodes",
    description = "Show which devices hold an account, container or object.",
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli fills the injected fields in before call()
public final class GetNodesCommand implements Callable<Integer> {
  private static final Pattern POLICY_RING = Pattern.compile("object-(\\d+)\\.ring\\.gz");

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "<ring>", description = "A ring file, e.g. object.ring.gz.")
  private Path ringFile;

  @Parameters(
      index = "1..*",
      arity = "0..3",
      paramLabel = "<name>",
      description = "Account, container and object, or one word /account/container/object.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = {"-a", "--all"},
      description = "Show all handoffs, not only as many as there are primaries.")
  private boolean all;

  @Option(
      names = {"-p", "--partition"},
      paramLabel = "<partition>",
      description = "Show a partition instead of a name.")
  private @Nullable Integer partition;

  @Option(
      names = "--config",
      paramLabel = "<file>",
      description = "TOML file whose table [cluster] has hash_prefix and hash_suffix.")
  private @Nullable Path config;

  @Option(
      names = "--hash-prefix",
      paramLabel = "<text>",
      description = "The cluster's hash prefix.")
  private @Nullable String hashPrefix;

  @Option(
      names = "--hash-suffix",
      paramLabel = "<text>",
      description = "The cluster's hash suffix.")
  private @Nullable String hashSuffix;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Override
  public Integer call() {
    return Faults.reported(
        spec,
        () -> {
          Ring ring = RingFile.read(ringFile);
          Place place = place(ring);
          PrintWriter out = spec.commandLine().getOut();
          if (json) {
            out.println(asJson(place));
          } else {
            print(place, out);
          }
          return ExitCode.SUCCESS;
        });
  }

  /// What was asked for and where it is.
  private record Place(
      @Nullable ObjectPath path,
      @Nullable ObjectHash hash,
      PartitionId partition,
      List<RingDevice> primaries,
      List<RingDevice> handoffs) {}

  private Place place(Ring ring) throws CliException, IOException {
    ObjectPath path = path();
    if ((path == null) == (partition == null)) {
      throw new CliException("give either a name or --partition");
    }
    ObjectHash hash = path == null ? null : hasher().hash(path);
    int number = hash != null ? ring.partition(hash).value() : partition != null ? partition : 0;
    if (number < 0 || number >= ring.partitionCount()) {
      throw new CliException("the ring has partitions 0 to " + (ring.partitionCount() - 1));
    }
    PartitionId id = new PartitionId(number);
    List<RingDevice> primaries = ring.primaries(id);
    Iterable<RingDevice> handoffs = ring.handoffs(id);
    Iterable<RingDevice> shown = all ? handoffs : Iterables.limit(handoffs, primaries.size());
    return new Place(path, hash, id, primaries, List.copyOf(copy(shown)));
  }

  private static List<RingDevice> copy(Iterable<RingDevice> devices) {
    List<RingDevice> copy = new ArrayList<>();
    devices.forEach(copy::add);
    return copy;
  }

  private @Nullable ObjectPath path() throws CliException {
    List<String> parts = names;
    if (names.size() == 1 && names.getFirst().indexOf('/') >= 0) {
      String word = names.getFirst();
      parts = List.of((word.startsWith("/") ? word.substring(1) : word).split("/", 3));
    }
    if (parts.isEmpty()) {
      return null;
    }
    try {
      return new ObjectPath(
          parts.get(0),
          parts.size() > 1 ? parts.get(1) : null,
          parts.size() > 2 ? parts.get(2) : null);
    } catch (IllegalArgumentException e) {
      throw new CliException(String.valueOf(e.getMessage()));
    }
  }

  private PathHasher hasher() throws CliException, IOException {
    JsonNode cluster = config == null ? null : readConfig(config).path("cluster");
    String prefix = hashPrefix != null ? hashPrefix : text(cluster, "hash_prefix");
    String suffix = hashSuffix != null ? hashSuffix : text(cluster, "hash_suffix");
    if (prefix.isEmpty() && suffix.isEmpty()) {
      throw new CliException(
          "the cluster's hash prefix or suffix is needed: give --config, --hash-prefix or"
              + " --hash-suffix");
    }
    return new PathHasher(prefix, suffix);
  }

  private static JsonNode readConfig(Path file) throws CliException, IOException {
    try {
      return new TomlMapper().readTree(Files.readString(file));
    } catch (JacksonException e) {
      throw new CliException(file + ": " + e.getOriginalMessage());
    }
  }

  private static String text(@Nullable JsonNode table, String key) {
    return table == null ? "" : table.path(key).asString("");
  }

  private void print(Place place, PrintWriter out) {
    ObjectPath path = place.path();
    if (path != null) {
      out.println("Account  \t" + path.account());
      if (path.container() != null) {
        out.println("Container\t" + path.container());
      }
      if (path.object() != null) {
        out.println("Object   \t" + path.object());
      }
      out.println();
    }
    out.println("Partition\t" + place.partition());
    if (place.hash() != null) {
      out.println("Hash     \t" + place.hash());
    }
    out.println();
    place.primaries().forEach(node -> out.println(serverLine(node)));
    place.handoffs().forEach(node -> out.println(serverLine(node) + "\t [Handoff]"));
    out.println();
    place.primaries().forEach(node -> out.println(curl(node, place)));
    place.handoffs().forEach(node -> out.println(curl(node, place) + " # [Handoff]"));
  }

  private static String serverLine(RingDevice node) {
    return "Server:Port Device\t" + node.address() + " " + node.device();
  }

  private String curl(RingDevice node, Place place) {
    ObjectPath path = place.path();
    String name = path == null ? "" : UrlEscapers.urlFragmentEscaper().escape(path.toString());
    Matcher policy = POLICY_RING.matcher(String.valueOf(ringFile.getFileName()));
    String header =
        policy.matches() ? " -H \"X-Backend-Storage-Policy-Index: " + policy.group(1) + "\"" : "";
    return "curl -g -I -XHEAD \"http://%s/%s/%s%s\"%s --path-as-is"
        .formatted(node.address(), node.device(), place.partition(), quoted(name), header);
  }

  /// Inside double quotes a shell still expands these; `?`, `#` and `%` were or must be
  /// escaped.
  private static String quoted(String path) {
    return path.replace("$", "%24").replace("`", "%60").replace("?", "%3F").replace("!", "%21");
  }

  private static String asJson(Place place) {
    JsonMapper mapper = new JsonMapper();
    ObjectNode root = mapper.createObjectNode();
    ObjectPath path = place.path();
    if (path != null) {
      root.put("path", path.toString());
    }
    if (place.hash() != null) {
      root.put("hash", place.hash().toString());
    }
    root.put("partition", place.partition().value());
    nodes(place.primaries(), root.putArray("primaries"));
    nodes(place.handoffs(), root.putArray("handoffs"));
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }

  private static void nodes(List<RingDevice> devices, ArrayNode to) {
    for (RingDevice device : devices) {
      ObjectNode node = to.addObject();
      node.put("id", device.id().value());
      node.put("region", device.region());
      node.put("zone", device.zone());
      node.put("ip", device.ip());
      node.put("port", device.port());
      node.put("device", device.device());
    }
  }
}
