package org.martlet.where;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.martlet.terminal.Paint;
import org.martlet.terminal.Sheet;
import org.martlet.terminal.Words;

/// What `martlet where` prints: the verdict first.
record WhereSheet(WhereReport report, Paint paint) {

  String text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < report.verdict().size(); i++) {
      String line = Sheet.shown(report.verdict().get(i));
      boolean first = i == 0;
      String coloured = report.healthy() ? paint.green(line) : paint.yellow(line);
      text.append(first ? coloured : "  " + line).append('\n');
    }
    Sheet sheet = new Sheet();
    Map<String, String> rows = new LinkedHashMap<>();
    rows.put("hash", report.hash());
    rows.put("policy", report.policy() == null ? "" : Integer.toString(report.policy()));
    rows.put(
        "partition",
        report.partition() + " of ring " + report.ring() + ", version " + report.ringVersion());
    sheet.section(Sheet.shown(report.path())).rows(rows);
    if (!report.copies().isEmpty()) {
      sheet.section("Copies").table(copies());
    }
    if (!report.listings().isEmpty()) {
      sheet.section("Replicas").table(listings());
    }
    if (!report.rows().isEmpty()) {
      sheet.section("Listed").table(rows());
    }
    return text.append('\n').append(sheet).toString();
  }

  private static List<String> place(WhereReport.Place place) {
    return List.of(
        place.role(), place.node(), place.device(), "r" + place.region() + "z" + place.zone());
  }

  private List<List<String>> copies() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "role",
            "node",
            "device",
            "zone",
            "state",
            "newest",
            "checked",
            "data",
            "metadata",
            "size",
            "ETag",
            "kept"));
    for (WhereReport.Copy copy : report.copies()) {
      List<String> row = new ArrayList<>(place(copy.place()));
      WhereReport.Clocks clocks = copy.clocks();
      row.add(copy.state().equals("unknown") ? "NO ANSWER" : copy.state());
      row.add(clocks == null ? "-" : copy.newest() ? "newest" : "OLDER");
      row.add(copy.sound() == null ? "-" : copy.sound() ? "sound" : "DAMAGED");
      row.add(clocks == null ? "-" : clocks.data());
      row.add(
          clocks == null ? "-" : clocks.metadata().equals(clocks.data()) ? "=" : clocks.metadata());
      row.add(copy.size() == null ? "-" : Long.toString(copy.size()));
      row.add(Objects.requireNonNullElse(copy.etag(), "-"));
      row.add(Objects.requireNonNullElse(copy.kept(), "-"));
      rows.add(row);
    }
    return rows;
  }

  private List<List<String>> listings() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "role",
            "node",
            "device",
            "zone",
            "state",
            "containers",
            "objects",
            "bytes",
            "put",
            "deleted",
            "changed",
            "agrees"));
    for (WhereReport.Listing listing : report.listings()) {
      List<String> row = new ArrayList<>(place(listing.place()));
      boolean known = listing.state().equals("live");
      row.add(listing.state().equals("unknown") ? "NO ANSWER" : listing.state());
      row.add(listing.containers() == null || !known ? "-" : Words.count(listing.containers()));
      row.add(known ? Words.count(listing.objects()) : "-");
      row.add(known ? Words.count(listing.bytes()) : "-");
      row.add(Objects.requireNonNullElse(listing.put(), "-"));
      row.add(Objects.requireNonNullElse(listing.deleted(), "-"));
      row.add(Objects.requireNonNullElse(listing.changed(), "-"));
      row.add(listing.agrees() ? "yes" : "-");
      rows.add(row);
    }
    return rows;
  }

  private List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("role", "node", "device", "zone", "listed", "size", "ETag", "objects", ""));
    for (WhereReport.Row found : report.rows()) {
      List<String> row = new ArrayList<>(place(found.place()));
      row.add(found.listed() == null ? "NO ANSWER" : found.listed() ? "yes" : "no");
      row.add(found.size() == null ? "-" : Long.toString(found.size()));
      row.add(Objects.requireNonNullElse(found.etag(), "-"));
      row.add(found.objects() == null ? "-" : Long.toString(found.objects()));
      row.add(found.agrees() ? "agrees" : "DIFFERS");
      rows.add(row);
    }
    return rows;
  }
}
