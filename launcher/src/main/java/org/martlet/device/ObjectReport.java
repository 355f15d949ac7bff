package org.martlet.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.martlet.objectserver.store.ObjectFacts;
import org.martlet.terminal.Sheet;
import org.martlet.terminal.Words;

/// What `object-info` prints.
///
/// @param directory of the device, as it was given
/// @param device its name in rings
/// @param source who was asked
record ObjectReport(
    String path,
    String hash,
    String directory,
    String device,
    String source,
    ObjectFacts facts,
    Placement placement) {

  /// Why the exit code is not 0; empty if it is.
  String complaint() {
    String here = path + " on " + device + " ";
    List<String> damaged =
        facts.checks().stream()
            .filter(check -> !check.good())
            .map(check -> check.what() + ": " + check.detail())
            .toList();
    if (!damaged.isEmpty()) {
      return Sheet.shown(here + "is damaged: " + String.join("; ", damaged));
    }
    return switch (facts.state()) {
      case LIVE -> "";
      case DELETED -> Sheet.shown(here + "is deleted: there is a tombstone");
      case GONE -> Sheet.shown(here + "is gone: " + goneWhy());
      case ABSENT -> Sheet.shown(path + " is not on " + device);
    };
  }

  private String goneWhy() {
    ObjectFacts.LogRecord record = facts.record();
    return switch (record == null ? "" : record.kind()) {
      case "quarantine" -> "what was here was damaged and is quarantined";
      case "drop" -> "it was given away to its primaries";
      case "purge" -> "its tombstone was reclaimed";
      default -> "the device has nothing of it any more";
    };
  }

  private String state() {
    return switch (facts.state()) {
      case LIVE -> facts.isSound() ? "here, and sound" : "here, and DAMAGED";
      case DELETED -> "deleted: a tombstone";
      case GONE -> "gone: " + goneWhy();
      case ABSENT -> "not here: the device knows nothing of it";
    };
  }

  String text() {
    Sheet sheet = new Sheet();
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("hash", hash);
    rows.put("policy", placement.policy() + " (" + placement.policyName() + ")");
    rows.put("partition", placement.partition() + " of " + placement.partitions());
    rows.put("device", device + "  " + facts.device());
    rows.put("told by", source);
    rows.put("state", state());
    sheet.section(Sheet.shown(path)).rows(rows);
    record(sheet);
    clocks(sheet);
    content(sheet);
    checks(sheet);
    if (!facts.remarks().isEmpty()) {
      sheet.section("Remarks");
      facts.remarks().forEach(sheet::line);
    }
    replicas(sheet);
    return sheet.toString();
  }

  private void record(Sheet sheet) {
    ObjectFacts.LogRecord record = facts.record();
    if (record == null) {
      return;
    }
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("kind", record.kind());
    rows.put("sequence", "start " + record.epoch() + ", change " + record.change());
    rows.put(
        "at",
        "%s, offset %d, %d bytes, of which %d header, name and metadata"
            .formatted(record.file(), record.offset(), record.length(), record.headLength()));
    rows.put("body", body(facts.body()));
    rows.put("oldest volume", record.oldestVolume() + "  (may hold older records of it)");
    rows.put(
        "due updates", record.due().isEmpty() ? "none" : "to container replicas " + record.due());
    ObjectFacts.Leaf leaf = facts.leaf();
    rows.put(
        "digest leaf",
        leaf == null
            ? ""
            : "%d (%d bits), digest %s".formatted(leaf.number(), leaf.bits(), leaf.digest()));
    sheet.section("Record").rows(rows);
  }

  private static String body(ObjectFacts.@Nullable Body body) {
    if (body == null) {
      return "";
    }
    return switch (body.kind()) {
      case "inline" -> "in the record, offset " + body.offset();
      case "record" ->
          "in an older record: %s, offset %d, %d bytes"
              .formatted(body.file(), body.offset(), body.length());
      default -> body.file();
    };
  }

  private void clocks(Sheet sheet) {
    ObjectFacts.Clocks clocks = facts.clocks();
    if (clocks != null) {
      Map<String, String> rows = new LinkedHashMap<>();
      rows.put(clocks.deleted() ? "deleted" : "data", Words.moment(clocks.data()));
      rows.put("content type", Words.moment(clocks.contentType()));
      rows.put("metadata", Words.moment(clocks.metadata()));
      sheet.section("Clocks").rows(rows);
    }
  }

  private void content(Sheet sheet) {
    ObjectFacts.Content content = facts.content();
    if (content == null) {
      return;
    }
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("content type", Words.header(content.contentType()));
    rows.put(
        "length",
        content.length()
            + (content.length() < 1024
                ? " bytes"
                : " bytes (" + Words.size(content.length()) + ")"));
    rows.put("ETag", content.etag());
    rows.put("CRC-32C", content.crc32c());
    sheet.section("Content").rows(rows);
    headers(sheet, "Headers of the body (a POST keeps them)", content.dataHeaders());
    headers(sheet, "Metadata (a POST replaces it)", content.metadata());
  }

  private static void headers(Sheet sheet, String title, Map<String, String> headers) {
    if (!headers.isEmpty()) {
      Map<String, String> shown = new LinkedHashMap<>();
      headers.forEach((name, value) -> shown.put(name, Words.header(value)));
      sheet.section(title).rows(shown);
    }
  }

  private void checks(Sheet sheet) {
    if (facts.checks().isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    for (ObjectFacts.Check check : facts.checks()) {
      rows.add(List.of(check.good() ? "ok" : "DAMAGED", check.what(), check.detail()));
    }
    sheet.section("Verified").table(rows);
  }

  private void replicas(Sheet sheet) {
    List<List<String>> rows = new ArrayList<>();
    for (Placement.Node node : placement.nodes()) {
      rows.add(
          List.of(
              node.role(),
              node.device(),
              node.address(),
              node.zone(),
              node.device().equals(device) ? "this name" : ""));
    }
    sheet.section("Replicas by the ring, version " + placement.version()).table(rows);
    sheet.section("To ask them (signed with the cluster's secret, good for five minutes)");
    placement.nodes().forEach(node -> sheet.line(node.curl()));
  }
}
