package org.martlet.device;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.martlet.common.model.Timestamp;
import org.martlet.objectserver.store.DeviceFacts;
import org.martlet.terminal.Sheet;
import org.martlet.terminal.Words;

/// What `device-info` prints.
///
/// @param directory of the device, as it was given
/// @param device its name in rings
/// @param source who was asked
record DeviceReport(String directory, String device, String source, DeviceFacts facts) {

  /// Why the exit code is not 0; empty if it is.
  String complaint() {
    return facts.isSound()
        ? ""
        : Sheet.shown(device + " needs looking after: " + String.join(" ", facts.problems()));
  }

  String text(Instant now) {
    Sheet sheet = new Sheet();
    summary(sheet);
    space(sheet);
    objects(sheet);
    volumes(sheet, now);
    log(sheet);
    audit(sheet, now);
    compaction(sheet);
    opening(sheet);
    quarantine(sheet);
    lines(sheet, "Remarks", facts.remarks());
    lines(sheet, "PROBLEMS", facts.problems());
    return sheet.toString();
  }

  private static void lines(Sheet sheet, String title, List<String> lines) {
    if (!lines.isEmpty()) {
      sheet.section(title);
      lines.forEach(sheet::line);
    }
  }

  private void summary(Sheet sheet) {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("device", facts.device());
    rows.put("cluster", facts.cluster());
    rows.put("format", Integer.toString(facts.format()));
    rows.put("told by", source);
    rows.put("state", facts.status());
    sheet.section(Sheet.shown(device + "  " + directory)).rows(rows);
  }

  private void space(Sheet sheet) {
    DeviceFacts.Space space = facts.space();
    if (space == null) {
      return;
    }
    Map<String, String> rows = new LinkedHashMap<>();
    double share = space.total() == 0 ? 0 : (double) space.usable() / space.total();
    rows.put(
        "free",
        Words.size(space.usable())
            + " of "
            + Words.size(space.total())
            + ", "
            + Words.percent(share));
    rows.put("reserve", Words.size(space.reserve()) + "  (below it no bodies are taken)");
    rows.put("hard", Words.size(space.reserveHard()) + "  (below it nothing is taken)");
    sheet.section("Space").rows(rows);
  }

  private void objects(Sheet sheet) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("policy", "objects", "bytes", "tombstones"));
    for (DeviceFacts.Policy policy : facts.policies()) {
      rows.add(
          List.of(
              Integer.toString(policy.policy()),
              Words.count(policy.objects()),
              Words.size(policy.bytes()),
              Words.count(policy.tombstones())));
    }
    sheet.section("Objects").table(rows);
    DeviceFacts.Due due = facts.due();
    if (due != null) {
      sheet.line(
          due.marks() == 0
              ? "No listing updates are due."
              : Words.count(due.marks())
                  + (due.more() ? " and more" : "")
                  + " listing updates are due.");
    }
  }

  private void volumes(Sheet sheet, Instant now) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("volume", "size", "live", "dead", "garbage", "age", ""));
    long size = 0;
    for (DeviceFacts.Volume volume : facts.volumes()) {
      size += volume.size();
      rows.add(
          List.of(
              volume.file(),
              Words.size(volume.size()),
              Words.size(volume.live()),
              Words.size(volume.dead()),
              volume.live() < 0 ? "-" : Words.percent(volume.garbageShare()),
              Words.age(Timestamp.ofTicks(volume.created()).toInstant(), now),
              volume.current() ? "newest" : ""));
    }
    sheet.section("Volumes: " + facts.volumes().size() + ", " + Words.size(size)).table(rows);
    DeviceFacts.Blobs blobs = facts.blobs();
    if (blobs != null) {
      sheet.line(
          "Blobs: %s files, %s of objects, %s"
              .formatted(
                  Words.count(blobs.files()),
                  Words.count(blobs.referenced()),
                  Words.size(blobs.bytes())));
    }
  }

  private void log(Sheet sheet) {
    DeviceFacts.Log log = facts.log();
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put(
        "log",
        log.volume() == 0
            ? "empty"
            : "volume %d to %d, start %d".formatted(log.volume(), log.end(), log.epoch()));
    rows.put(
        "index",
        log.indexedVolume() == 0
            ? "has nothing of it"
            : "volume %d to %d".formatted(log.indexedVolume(), log.indexedEnd()));
    rows.put(
        "behind", log.recordsBehind() == 0 ? "" : Words.count(log.recordsBehind()) + " records");
    rows.put("torn", log.tornBytes() == 0 ? "" : log.tornBytes() + " bytes, cut at the next start");
    DeviceFacts.Index index = facts.index();
    if (index != null) {
      rows.put("size", Words.size(index.bytes()));
      rows.put("leaf bits", index.leafBits() == 0 ? "" : Integer.toString(index.leafBits()));
      rows.put("rebuild", index.rebuildPending() ? "PENDING: at the next start" : "not pending");
    }
    sheet.section("Log and index").rows(rows);
  }

  private void audit(Sheet sheet, Instant now) {
    DeviceFacts.Audit audit = facts.audit();
    if (audit == null) {
      return;
    }
    Map<String, String> rows = new LinkedHashMap<>();
    Instant ended = Instant.ofEpochMilli(audit.finishedMillis());
    rows.put(
        "last pass",
        audit.passes() == 0
            ? "never ended"
            : Words.date(ended) + ", " + Words.age(ended, now) + " ago");
    rows.put("passes", Words.count(audit.passes()));
    boolean begun = audit.volume() != 0 || !audit.blob().isEmpty() || audit.verifiedBytes() != 0;
    rows.put(
        "this pass",
        !begun
            ? "not begun"
            : "%s verified, behind volume %d%s, %d damaged"
                .formatted(
                    Words.size(audit.verifiedBytes()),
                    audit.volume(),
                    audit.blob().isEmpty() ? "" : " and blob " + audit.blob(),
                    audit.damaged()));
    if (audit.damagedSinceOpen() >= 0) {
      rows.put(
          "since opened",
          audit.damagedSinceOpen() + " damaged, " + audit.unreadableSinceOpen() + " unreadable");
    }
    sheet.section("Audit").rows(rows);
  }

  private void compaction(Sheet sheet) {
    DeviceFacts.Compaction done = facts.compaction();
    if (done == null) {
      return;
    }
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put(
        "now",
        done.volume() == 0
            ? "idle"
            : "rewrites volume " + done.volume() + ", " + Words.size(done.volumeBytes()));
    rows.put(
        "since opened",
        "%s volumes removed, %s given back, %s moved"
            .formatted(
                Words.count(done.removedVolumes()),
                Words.size(done.freedBytes()),
                Words.size(done.movedBytes())));
    sheet.section("Compaction").rows(rows);
  }

  private void opening(Sheet sheet) {
    DeviceFacts.Opening opening = facts.opening();
    if (opening != null) {
      Map<String, String> rows = new LinkedHashMap<>();
      rows.put("index", opening.indexRebuilt() ? "made anew from the log" : "used");
      rows.put("replayed", Words.count(opening.records()) + " records");
      rows.put("cut", Words.size(opening.cutBytes()));
      rows.put("damaged", Words.size(opening.damagedBytes()));
      rows.put("swept", Words.count(opening.sweptBlobs()) + " files of lost uploads");
      sheet.section("When it was opened").rows(rows);
    }
  }

  private void quarantine(Sheet sheet) {
    sheet.section("Quarantine: " + facts.quarantine().size());
    List<List<String>> rows = new ArrayList<>();
    for (DeviceFacts.Quarantined item : facts.quarantine()) {
      rows.add(List.of(item.name(), Words.size(item.bytes()), item.what()));
    }
    sheet.table(rows);
  }
}
