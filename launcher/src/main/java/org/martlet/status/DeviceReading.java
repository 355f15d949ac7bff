package org.martlet.status;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Endpoint;
import org.martlet.common.ring.RingDevice;

/// What the server of a device of an object ring says of it.
///
/// @param placed the device as a ring has it
/// @param survey has the server's answers
record DeviceReading(RingDevice placed, Survey survey) {

  ClusterStatus.Device status() {
    Endpoint server = new Endpoint(placed.ip(), placed.port());
    Facts facts = survey.deviceOf(server, placed.device());
    Facts disk = survey.diskOf(server, placed.device());
    Facts audit = facts.at("audit");
    return new ClusterStatus.Device(
        placed.address(),
        placed.device(),
        placed.region(),
        placed.zone(),
        placed.weight(),
        state(server, facts, disk),
        reason(facts, disk),
        size(disk),
        sum(facts, "objects"),
        sum(facts, "bytes"),
        sum(facts, "tombstones"),
        facts.at("written").count("userBytes"),
        facts.count("quarantined"),
        errors(facts),
        facts.count("waiting"),
        facts.count("queued"),
        mean(facts.at("latency").at("sync")),
        millis(facts.at("latency").at("sync").decimal("max_seconds")),
        lastAudit(audit),
        facts.moment("last_pass").map(Instant::toString).orElse(null),
        audit.texts("alarms"));
  }

  private String state(Endpoint server, Facts facts, Facts disk) {
    if (!facts.isThere()) {
      return survey.answers(server) ? "missing" : "unknown";
    }
    String state = facts.text("state");
    boolean mounted = !disk.isThere() || disk.isTrue("mounted");
    return state.equals("refused") && !mounted ? "not_mounted" : state;
  }

  private static @Nullable String reason(Facts facts, Facts disk) {
    String reason = facts.text("reason");
    String fault = disk.text("mounted");
    boolean told = !fault.isEmpty() && !fault.equals("true") && !fault.equals("false");
    if (reason.isEmpty() && told) {
      return fault;
    }
    if (reason.isEmpty() && fault.equals("false") && facts.text("state").equals("online")) {
      return "its directory is no longer a mount point";
    }
    return reason.isEmpty() ? null : reason;
  }

  private static ClusterStatus.@Nullable DiskSize size(Facts disk) {
    long size = disk.number("size");
    long free = disk.number("avail");
    if (size <= 0 || free < 0 || free > size) {
      return null;
    }
    double fill = (double) (size - free) / size;
    return new ClusterStatus.DiskSize(size, size - free, free, fill, disk.text("file_system"));
  }

  private static long sum(Facts facts, String what) {
    long sum = 0;
    for (Facts policy : facts.list("policies")) {
      sum += policy.count(what);
    }
    return sum;
  }

  /// Those that the device failed; to be full is none.
  private static long errors(Facts facts) {
    long errors = 0;
    for (String operation : List.of("open", "read", "write", "sync", "remove", "index")) {
      errors += facts.at("faults").count(operation + ".failed");
      errors += facts.at("faults").count(operation + ".damaged");
    }
    return errors;
  }

  private static @Nullable Double mean(Facts calls) {
    Double seconds = calls.decimal("seconds");
    long count = calls.count("count");
    return seconds == null || count == 0 ? null : millis(seconds / count);
  }

  private static @Nullable Double millis(@Nullable Double seconds) {
    return seconds == null ? null : Math.round(seconds * 1e6) / 1e3;
  }

  private static @Nullable String lastAudit(Facts audit) {
    Facts progress = audit.at("progress");
    long finished = progress.count("finishedMillis");
    return progress.count("passes") == 0 || finished == 0
        ? null
        : Instant.ofEpochMilli(finished).toString();
  }
}
