package org.martlet.ringbuilder.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PartitionId;
import org.martlet.common.model.PathHasher;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `get-nodes RING account [container [object]]`: where something is stored, and where else to
/// look.
@Command(
    name = "get-nodes",
    description = "Show which devices hold an account, container or object.",
    customSynopsis = {
      "martlet get-nodes [-a] <ring> <account> [<container> [<object>]]",
      "       martlet get-nodes [-a] <ring> -p <partition>",
      "       martlet get-nodes [-a] -P <policy> <account> [<container> [<object>]]",
      "       martlet get-nodes [-a] -P <policy> -p <partition>"
    },
    sortOptions = false)
public final class GetNodesCommand extends CliCommand {
  private static final String RING_SUFFIX = ".ring.gz";

  @Parameters(
      arity = "0..4",
      paramLabel = "<argument>",
      description =
          "A ring file, e.g. object.ring.gz, then account, container and object, or one word"
              + " /account/container/object.")
  private List<String> arguments = new ArrayList<>();

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
      names = {"-P", "--policy-name"},
      paramLabel = "<name>",
      description = "The storage policy, instead of a ring file.")
  private @Nullable String policyName;

  @Option(
      names = {"-Q", "--quoted"},
      description = "Names are percent-encoded.")
  private boolean quoted;

  @Option(
      names = {"-d", "--swift-dir"},
      paramLabel = "<directory>",
      description = "Where cluster.toml is, or Swift's swift.conf and rings.")
  private @Nullable Path directory;

  @Option(
      names = {"--cluster", "--config"},
      paramLabel = "<file>",
      description = {
        "The cluster's file: hash prefix and suffix, policies. Default: that of a martlet up"
            + " started here, else /etc/martlet/cluster.toml, else /etc/swift/swift.conf."
      })
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

  @Override
  int run() throws CliException, IOException {
    List<String> names = new ArrayList<>(arguments);
    Path ringFile = null;
    if (!names.isEmpty() && (names.getFirst().endsWith(RING_SUFFIX) || policyName == null)) {
      ringFile = Path.of(names.removeFirst());
    }
    ObjectPath path = path(names);
    if ((path == null) == (partition == null)) {
      throw new CliException("give either a name or --partition");
    }
    Optional<ClusterNames> cluster = cluster();
    ClusterNames.@Nullable Policy policy = policyName == null ? null : policy(cluster, policyName);
    if (ringFile == null) {
      ringFile = ringFile(path, policy, cluster);
    }
    warnOfWrongRing(ringFile, path, policy);
    NodePlace place = place(ringFile, RingFile.read(ringFile), path, cluster);
    place.putInto(report().json());
    place.print(report());
    return ExitCode.SUCCESS;
  }

  private @Nullable ObjectPath path(List<String> names) throws CliException {
    List<String> parts = new ArrayList<>();
    for (String name : names) {
      parts.add(quoted ? PercentCoding.decodeLeniently(name) : name);
    }
    if (parts.size() == 1) {
      String word = parts.getFirst();
      parts = Arrays.asList((word.startsWith("/") ? word.substring(1) : word).split("/", 3));
    }
    if (parts.isEmpty()) {
      return null;
    }
    if (parts.size() > 3) {
      throw new CliException("more than account, container and object: " + parts.get(3));
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

  private Optional<ClusterNames> cluster() throws CliException, IOException {
    if (config != null) {
      return Optional.of(ClusterNames.read(config));
    }
    if (directory != null) {
      return Optional.of(ClusterNames.read(ClusterNames.fileIn(directory)));
    }
    boolean needed = policyName != null || (hashPrefix == null && hashSuffix == null);
    Optional<Path> usual = needed ? ClusterNames.usualFile() : Optional.empty();
    return usual.isPresent() ? Optional.of(ClusterNames.read(usual.get())) : Optional.empty();
  }

  private static ClusterNames.Policy policy(Optional<ClusterNames> cluster, String name)
      throws CliException {
    ClusterNames known =
        cluster.orElseThrow(
            () -> new CliException("the cluster's file is needed: give --cluster or --swift-dir"));
    return known
        .policy(name)
        .orElseThrow(
            () ->
                new CliException(
                    "there is no policy named \"%s\"; there are %s"
                        .formatted(
                            name,
                            known.policies().stream().map(p -> p.names().getFirst()).toList())));
  }

  private static Path ringFile(
      @Nullable ObjectPath path,
      ClusterNames.@Nullable Policy policy,
      Optional<ClusterNames> cluster)
      throws CliException {
    if (policy == null || cluster.isEmpty()) {
      throw new CliException("give a ring file, or a policy with -P");
    }
    return cluster.get().ring(wantedRing(path, policy));
  }

  private static String wantedRing(@Nullable ObjectPath path, ClusterNames.Policy policy) {
    if (path == null || path.object() != null) {
      return policy.ringName();
    }
    return path.container() == null ? "account" : "container";
  }

  private void warnOfWrongRing(
      Path ringFile, @Nullable ObjectPath path, ClusterNames.@Nullable Policy policy) {
    String ring = ringName(ringFile);
    if (policy != null && !ring.equals(wantedRing(path, policy))) {
      report().note("Warning: mismatch between ring and policy name!");
    }
    if (path != null && path.container() == null && !ring.equals("account")) {
      report().note("Warning: account specified but ring not named \"account\"");
    }
    if (path != null
        && path.container() != null
        && path.object() == null
        && !ring.equals("container")) {
      report().note("Warning: account/container specified but ring not named \"container\"");
    }
  }

  private static String ringName(Path ringFile) {
    String name = String.valueOf(ringFile.getFileName());
    return name.endsWith(RING_SUFFIX)
        ? name.substring(0, name.length() - RING_SUFFIX.length())
        : name;
  }

  private NodePlace place(
      Path ringFile, Ring ring, @Nullable ObjectPath path, Optional<ClusterNames> cluster)
      throws CliException {
    ObjectHash hash = path == null ? null : hasher(cluster).hash(path);
    int number = hash != null ? ring.partition(hash).value() : partition != null ? partition : 0;
    if (number < 0 || number >= ring.partitionCount()) {
      throw new CliException("the ring has partitions 0 to " + (ring.partitionCount() - 1));
    }
    PartitionId id = new PartitionId(number);
    List<RingDevice> primaries = ring.primaries(id);
    Iterable<RingDevice> handoffs = ring.handoffs(id);
    Iterable<RingDevice> shown = all ? handoffs : Iterables.limit(handoffs, primaries.size());
    return new NodePlace(
        ringName(ringFile), path, hash, id, primaries, ImmutableList.copyOf(shown));
  }

  private PathHasher hasher(Optional<ClusterNames> cluster) throws CliException {
    String prefix =
        hashPrefix != null ? hashPrefix : cluster.map(ClusterNames::hashPrefix).orElse("");
    String suffix =
        hashSuffix != null ? hashSuffix : cluster.map(ClusterNames::hashSuffix).orElse("");
    if (prefix.isEmpty() && suffix.isEmpty()) {
      throw new CliException(
          "the cluster's hash prefix or suffix is needed: give --cluster, --swift-dir,"
              + " --hash-prefix or --hash-suffix");
    }
    return new PathHasher(prefix, suffix);
  }
}
