package org.martlet.ringbuilder.cli;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PartitionId;
import org.martlet.common.ring.RingDevice;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Where a name or a partition is, in the words of `swift-get-nodes`.
///
/// @param ring the name of its ring
/// @param path null for a partition
/// @param hash null for a partition
record NodePlace(
    String ring,
    @Nullable ObjectPath path,
    @Nullable ObjectHash hash,
    PartitionId partition,
    List<RingDevice> primaries,
    List<RingDevice> handoffs) {
  private static final Pattern POLICY_RING = Pattern.compile("object-(\\d+)");
  private static final String HANDOFF = " [Handoff]";

  /// A line for a node.
  private interface Line {
    String of(RingDevice node);
  }

  void print(Report report) {
    printNames(report);
    report.line("Partition\t%s", partition);
    report.line("Hash     \t%s", hash == null ? "None" : hash);
    report.text("");
    each(report, "\t" + HANDOFF, node -> server(node));
    report.text("");
    report.text("");
    ObjectPath named = path;
    if (named == null) {
      return;
    }
    each(report, " #" + HANDOFF, node -> curl(node, named));
    if (named.object() != null && !named.toString().matches("(?s).*[\\p{Cntrl}!].*")) {
      report.text("");
      report.text("");
      report.text("Use your own device location of servers:");
      report.text("such as \"export DEVICE=/srv/node\"");
      each(report, " #" + HANDOFF, node -> ssh(node, named));
    }
  }

  private void printNames(Report report) {
    if (path == null) {
      return;
    }
    report.text("");
    report.line("Account  \t%s", PercentCoding.encodePath(path.account()));
    if (path.container() != null) {
      report.line("Container\t%s", PercentCoding.encodePath(path.container()));
    }
    if (path.object() != null) {
      report.line("Object   \t%s", PercentCoding.encodePath(path.object()));
      report.text("");
      report.text("");
    }
  }

  private void each(Report report, String handoff, Line line) {
    primaries.forEach(node -> report.text(line.of(node)));
    handoffs.forEach(node -> report.text(line.of(node) + handoff));
  }

  private static String server(RingDevice node) {
    return "Server:Port Device\t" + node.address() + " " + node.device();
  }

  private String curl(RingDevice node, ObjectPath named) {
    int policy = policyIndex();
    String header =
        policy > 0 && named.object() != null
            ? " -H \"X-Backend-Storage-Policy-Index: " + policy + "\""
            : "";
    return "curl -g -I -XHEAD \"http://%s/%s/%s%s\"%s --path-as-is"
        .formatted(
            node.address(),
            node.device(),
            partition,
            PercentCoding.encodePath(named.toString()),
            header);
  }

  /// What shows the object on its device, as `ls` does for Swift's files.
  private String ssh(RingDevice node, ObjectPath named) {
    int policy = policyIndex();
    return "ssh %s \"martlet object-info%s ${DEVICE:-/srv/node*}/%s %s\""
        .formatted(
            node.ip(),
            policy > 0 ? " --policy " + policy : "",
            node.device(),
            quotedTwice(named.toString()));
  }

  /// A word for the far shell, inside double quotes of the near one.
  private static String quotedTwice(String word) {
    String far = word.matches("[\\w./@:+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    return far.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$").replace("`", "\\`");
  }

  private int policyIndex() {
    Matcher policy = POLICY_RING.matcher(ring.toLowerCase(Locale.ROOT));
    return policy.matches() ? Integer.parseInt(policy.group(1)) : 0;
  }

  void putInto(ObjectNode root) {
    root.put("ring", ring);
    if (path != null) {
      root.put("path", path.toString());
    }
    if (hash != null) {
      root.put("hash", hash.toString());
    }
    root.put("partition", partition.value());
    nodes(primaries, root.putArray("primaries"));
    nodes(handoffs, root.putArray("handoffs"));
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
