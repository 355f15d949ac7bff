package org.martlet.status;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.martlet.terminal.Paint;
import org.martlet.terminal.Sheet;
import org.martlet.terminal.Words;

/// A cluster's status for people: what is wrong first.
///
/// @param rates null where there was no sample before
record StatusSheet(ClusterStatus status, @Nullable Rates rates, Paint paint) {
  private static final int SHOWN = 200;

  String text() {
    StringBuilder text = new StringBuilder(headline()).append('\n');
    for (ClusterStatus.Warning warning : status.warnings()) {
      text.append(warning(warning));
    }
    Sheet sheet = new Sheet();
    capacity(sheet);
    sheet.section("Nodes").table(nodes());
    sheet.section("Devices").table(devices());
    rings(sheet);
    replication(sheet);
    table(sheet, "Single repairs", repairs());
    table(sheet, "Services", services());
    listings(sheet);
    return text.append('\n').append(sheet).toString();
  }

  private String headline() {
    String time = "  (" + status.time() + ")";
    if (status.healthy()) {
      return paint.green("The cluster is healthy.") + time;
    }
    long count =
        status.warnings().stream()
            .filter(warning -> warning.level() != ClusterStatus.Level.NOTE)
            .count();
    return paint.red(
            "The cluster is NOT healthy: "
                + (count == 1 ? "1 thing needs" : count + " things need")
                + " looking after.")
        + time;
  }

  private String warning(ClusterStatus.Warning warning) {
    String level =
        switch (warning.level()) {
          case CRITICAL -> paint.red("CRITICAL");
          case WARNING -> paint.yellow("WARNING ");
          case NOTE -> "note    ";
        };
    return "  "
        + level
        + " "
        + Sheet.shown(warning.about() + ": " + warning.problem())
        + "\n           -> "
        + Sheet.shown(warning.advice())
        + "\n";
  }

  private void capacity(Sheet sheet) {
    ClusterStatus.Capacity capacity = status.capacity();
    Map<String, String> rows = new LinkedHashMap<>();
    double fill =
        capacity.rawBytes() == 0 ? 0 : (double) capacity.usedBytes() / capacity.rawBytes();
    rows.put(
        "raw",
        Words.size(capacity.rawBytes())
            + ", used "
            + Words.size(capacity.usedBytes())
            + " ("
            + Words.percent(fill)
            + ")"
            + (capacity.complete() ? "" : ", as far as devices answer"));
    for (ClusterStatus.PolicyCapacity policy : capacity.policies()) {
      Long usable = policy.usableBytes();
      rows.put(
          "policy " + policy.policy() + " (" + policy.name() + ")",
          "%s x %s, %s objects; %s"
              .formatted(
                  Words.size(policy.storedBytes()),
                  replicas(policy.replicas()),
                  Words.count(policy.objects()),
                  usable == null
                      ? "usable not known: a device does not tell"
                      : Words.size(usable) + " more, then " + policy.firstFull() + " is full"));
    }
    if (rates != null) {
      rows.put("now", rates.text());
    }
    sheet.section("Capacity").rows(rows);
  }

  private static String replicas(double replicas) {
    return replicas == Math.rint(replicas)
        ? Long.toString((long) replicas)
        : "%.2f".formatted(replicas);
  }

  private List<List<String>> nodes() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("node", "serves", "state", "version", "up"));
    for (ClusterStatus.Node node : status.nodes()) {
      Long uptime = node.uptimeSeconds();
      rows.add(
          List.of(
              node.address(),
              String.join(", ", node.services()),
              state(node),
              Objects.requireNonNullElse(node.version(), "-"),
              uptime == null ? "-" : Words.duration(uptime)));
    }
    return shortened(rows);
  }

  private static String state(ClusterStatus.Node node) {
    if (!node.reachable()) {
      return "NO ANSWER";
    }
    return Boolean.FALSE.equals(node.ready()) ? "not ready" : "up";
  }

  private List<List<String>> devices() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "node",
            "device",
            "zone",
            "state",
            "size",
            "fill",
            "objects",
            "data",
            "errors",
            "damaged",
            "queue",
            "sync",
            "audited",
            "compared"));
    for (ClusterStatus.Device device : status.devices()) {
      ClusterStatus.DiskSize disk = device.disk();
      rows.add(
          List.of(
              device.node(),
              device.device(),
              "r" + device.region() + "z" + device.zone(),
              device.state().equals("online") ? "online" : device.state().replace('_', ' '),
              disk == null ? "-" : Words.size(disk.sizeBytes()),
              disk == null ? "-" : Words.percent(disk.fill()),
              Words.count(device.objects()),
              Words.size(device.bytes()),
              Words.count(device.errors()),
              Words.count(device.quarantined()),
              Words.count(device.waiting() + device.queued()),
              sync(device),
              ago(device.lastAudit()),
              ago(device.lastPass())));
    }
    return shortened(rows);
  }

  private static String sync(ClusterStatus.Device device) {
    Double mean = device.syncMillis();
    Double most = device.syncMaxMillis();
    return mean == null || most == null ? "-" : "%.1f/%.1f ms".formatted(mean, most);
  }

  private String ago(@Nullable String moment) {
    return moment == null
        ? "never"
        : Words.age(Instant.parse(moment), Instant.parse(status.time())) + " ago";
  }

  private void rings(Sheet sheet) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("ring", "version", "moved", "servers that lag"));
    for (ClusterStatus.RingState ring : status.rings()) {
      List<String> lagging = ring.lagging().stream().map(ClusterStatus.Lag::node).toList();
      rows.add(
          List.of(
              ring.ring(),
              Long.toString(ring.version()),
              ring.settled() ? "all" : "not yet",
              lagging.isEmpty() ? "none" : String.join(", ", lagging)));
    }
    sheet.section("Rings").table(rows);
  }

  private void replication(Sheet sheet) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "node",
            "device",
            "of",
            "pass",
            "doing",
            "done",
            "left",
            "rate/s",
            "to go",
            "sent",
            "handoffs",
            "last complete"));
    List<String> waits = new ArrayList<>();
    for (ClusterStatus.Pass pass : status.replication()) {
      Long eta = pass.etaSeconds();
      rows.add(
          List.of(
              pass.node(),
              pass.device(),
              pass.ring(),
              Words.count(pass.number()),
              pass.phase(),
              Words.count(pass.done()),
              Words.count(pass.left()),
              Words.size(pass.bytesPerSecond()),
              eta == null ? "-" : Words.duration(eta),
              Words.size(pass.movedBytes()),
              Words.count(pass.handoffPartitions()),
              ago(pass.lastComplete())));
      if (!pass.waiting().isEmpty()) {
        waits.add(
            "%s %s %s: %s"
                .formatted(
                    pass.node(), pass.device(), pass.ring(), String.join("; ", pass.waiting())));
      }
    }
    sheet.section("Replication").table(shortened(rows));
    if (!waits.isEmpty()) {
      sheet.section("Waiting");
      waits.stream().limit(SHOWN).forEach(sheet::line);
    }
  }

  private static void table(Sheet sheet, String title, List<List<String>> rows) {
    if (rows.size() > 1) {
      sheet.section(title).table(shortened(rows));
    }
  }

  /// So many rows as anybody reads; `--json` has all.
  private static List<List<String>> shortened(List<List<String>> rows) {
    if (rows.size() <= SHOWN) {
      return rows;
    }
    List<List<String>> some = new ArrayList<>(rows.subList(0, SHOWN));
    some.add(List.of("and " + (rows.size() - SHOWN) + " more: --json has all"));
    return some;
  }

  private List<List<String>> repairs() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("node", "device", "queued", "done", "dropped", "lost"));
    for (ClusterStatus.Repairs repair : status.repairs()) {
      if (repair.queued() + repair.done() + repair.dropped() + repair.lost() == 0) {
        continue;
      }
      rows.add(
          List.of(
              repair.node(),
              repair.device(),
              Words.count(repair.queued()),
              Words.count(repair.done()),
              Words.count(repair.dropped()),
              Words.count(repair.lost())));
    }
    return rows;
  }

  private List<List<String>> services() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("node", "service", "done", "left", "errors", "last pass"));
    for (ClusterStatus.Service service : status.services()) {
      rows.add(
          List.of(
              service.node(),
              service.service(),
              Words.count(service.done()),
              Words.count(service.left()),
              Words.count(service.errors()),
              ago(service.lastPass())));
    }
    return rows;
  }

  private void listings(Sheet sheet) {
    ClusterStatus.Outbox outbox = status.outbox();
    sheet
        .section("Listing updates")
        .line(
            "%s on the way, %s left over%s"
                .formatted(
                    Words.count(outbox.queued()),
                    Words.count(outbox.due()),
                    outbox.due() == 0
                        ? ""
                        : ", the oldest for " + Words.duration((long) outbox.oldestSeconds())));
  }

  /// One line for a log.
  String line() {
    long up = status.nodes().stream().filter(ClusterStatus.Node::reachable).count();
    long online =
        status.devices().stream().filter(device -> device.state().equals("online")).count();
    long left = status.replication().stream().mapToLong(ClusterStatus.Pass::left).sum();
    long handoffs =
        status.replication().stream().mapToLong(ClusterStatus.Pass::handoffPartitions).sum();
    ClusterStatus.Capacity capacity = status.capacity();
    return "%s %s nodes=%d/%d devices=%d/%d used=%s/%s left=%d handoffs=%d outbox=%d warnings=%d%s"
        .formatted(
            status.time(),
            status.healthy() ? "healthy" : "NOT-HEALTHY",
            up,
            status.nodes().size(),
            online,
            status.devices().size(),
            Words.size(capacity.usedBytes()).replace(" ", ""),
            Words.size(capacity.rawBytes()).replace(" ", ""),
            left,
            handoffs,
            status.outbox().due(),
            status.warnings().stream()
                .filter(warning -> warning.level() != ClusterStatus.Level.NOTE)
                .count(),
            rates == null ? "" : " " + rates.text());
  }
}
