package org.martlet.where;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.martlet.terminal.Words;
import org.martlet.where.WhereReport.Copy;
import org.martlet.where.WhereReport.Listing;
import org.martlet.where.WhereReport.Row;

/// What was found, in words, and whether there is anything to look after.
final class Verdict {
  private final List<String> lines = new ArrayList<>();
  private boolean healthy = true;

  List<String> lines() {
    return List.copyOf(lines);
  }

  boolean healthy() {
    return healthy;
  }

  private void wrong(String line) {
    healthy = false;
    lines.add(line);
  }

  /// No replica of the container told the policy, and nobody has the object by the one that was
  /// asked instead.
  void policyGuessed(int asked) {
    wrong(
        "The container does not tell its storage policy, so policy "
            + asked
            + " was asked: the object may be in another one (--policy).");
  }

  /// @param copies judged
  static Verdict ofObject(List<Copy> copies, List<Row> rows) {
    Verdict verdict = new Verdict();
    verdict.object(copies);
    @Nullable Copy winner = ObjectSearch.winner(copies);
    if (winner != null) {
      verdict.rows(
          rows,
          winner.state().equals("live") ? "the object" : "no object, as it is deleted",
          !winner.state().equals("live"));
    } else if (rows.stream().anyMatch(row -> Boolean.TRUE.equals(row.listed()))) {
      verdict.wrong("It is listed in its container all the same.");
    }
    return verdict;
  }

  private void object(List<Copy> copies) {
    @Nullable Copy winner = ObjectSearch.winner(copies);
    long silent = copies.stream().filter(copy -> copy.state().equals("unknown")).count();
    if (winner == null) {
      wrong(
          silent == 0
              ? "None of the " + copies.size() + " devices that were asked knows of it."
              : "None of the devices that answer knows of it; "
                  + silent
                  + " of "
                  + copies.size()
                  + " do not answer, it may be there.");
      silentOnes(copies);
      return;
    }
    List<Copy> primaries = copies.stream().filter(copy -> copy.place().isPrimary()).toList();
    long right = primaries.stream().filter(Verdict::isRight).count();
    boolean deleted = winner.state().equals("deleted");
    if (right == primaries.size()) {
      lines.add(
          "%d of %d primaries hold the newest state%s; nothing to do."
              .formatted(right, primaries.size(), deleted ? ", that it is deleted" : ""));
    } else {
      wrong(
          "%d of %d primaries hold the newest state%s."
              .formatted(right, primaries.size(), deleted ? ", that it is deleted" : ""));
      primaries.stream().filter(copy -> !isRight(copy)).forEach(this::primary);
    }
    if (copies.stream().noneMatch(Verdict::isRight)) {
      wrong("NO sound copy of the newest state was found: ask all devices (--all).");
    }
    copies.stream().filter(copy -> !copy.place().isPrimary()).forEach(this::other);
    if (silent > 0 && right == primaries.size()) {
      silentOnes(copies);
    }
  }

  private void silentOnes(List<Copy> copies) {
    copies.stream()
        .filter(copy -> copy.state().equals("unknown"))
        .forEach(copy -> lines.add(copy.place().name() + " does not answer: " + copy.fault()));
  }

  private static boolean isRight(Copy copy) {
    return copy.newest() && !Boolean.FALSE.equals(copy.sound());
  }

  private void primary(Copy copy) {
    String name = copy.place().name();
    if (copy.state().equals("unknown")) {
      lines.add(name + " does not answer: " + copy.fault());
    } else if (Boolean.FALSE.equals(copy.sound())) {
      lines.add(
          name
              + " has a damaged copy ("
              + String.join("; ", copy.damage())
              + "): its next read or audit puts it aside, and another replica brings it back.");
    } else if (copy.clocks() == null) {
      lines.add(name + " lacks it: the next pass of replication brings it there.");
    } else {
      lines.add(
          name
              + " has an older state ("
              + copy.state()
              + ", data "
              + Words.moment(copy.clocks().data())
              + "): the next pass of replication brings it up to date.");
    }
  }

  private void other(Copy copy) {
    if (copy.clocks() == null) {
      return;
    }
    String name = copy.place().name() + " (" + copy.place().role() + ")";
    if (Boolean.FALSE.equals(copy.sound())) {
      wrong(name + " has a damaged copy: " + String.join("; ", copy.damage()));
      return;
    }
    lines.add(
        name
            + " holds "
            + (copy.newest() ? "the newest state" : "an older state")
            + " though it is no primary: it gives it to the primaries and drops it.");
  }

  private void rows(List<Row> rows, String right, boolean deleted) {
    if (rows.isEmpty()) {
      return;
    }
    long agree = rows.stream().filter(Row::agrees).count();
    String said = "%d of %d replicas of its listing show %s".formatted(agree, rows.size(), right);
    if (agree == rows.size()) {
      lines.add(said + ".");
      return;
    }
    wrong(said + ".");
    for (Row row : rows) {
      if (!row.agrees()) {
        lines.add(row.place().name() + ": " + what(row, deleted));
      }
    }
  }

  private static String what(Row row, boolean deleted) {
    Boolean listed = row.listed();
    if (row.fault() != null) {
      return row.fault();
    }
    if (deleted) {
      return "it is still listed there; the update is sent until it is not.";
    }
    if (listed == null || !listed) {
      return "it is not listed there; the update is sent until it is.";
    }
    return "it is listed there otherwise (size %s, ETag %s); replicas bring each other up to date."
        .formatted(row.size(), row.etag());
  }

  /// @param listings judged
  /// @param rows of a container in its account
  static Verdict ofListing(String kind, List<Listing> listings, List<Row> rows) {
    Verdict verdict = new Verdict();
    verdict.listing(kind, listings);
    boolean live =
        listings.stream().anyMatch(found -> found.agrees() && found.state().equals("live"));
    if (listings.stream().anyMatch(Listing::agrees)) {
      verdict.rows(rows, live ? "the container" : "no container, as it is deleted", !live);
    }
    return verdict;
  }

  private void listing(String kind, List<Listing> listings) {
    if (listings.stream().noneMatch(Listing::agrees)) {
      wrong(
          "None of the "
              + listings.size()
              + " devices that were asked has the "
              + kind
              + ", as far as they answer.");
    }
    List<Listing> primaries = listings.stream().filter(found -> found.place().isPrimary()).toList();
    long agree = primaries.stream().filter(Listing::agrees).count();
    if (agree == primaries.size()) {
      lines.add(
          "%d of %d primaries say the same; nothing to do.".formatted(agree, primaries.size()));
      if (primaries.stream().map(Verdict::counts).distinct().count() > 1) {
        lines.add(
            "They count differently: each hears of its containers at times of its own, and follows"
                + " within a minute.");
      }
    } else if (listings.stream().anyMatch(Listing::agrees)) {
      wrong("%d of %d primaries say what the last change made.".formatted(agree, primaries.size()));
    }
    for (Listing found : primaries) {
      if (!found.agrees() && listings.stream().anyMatch(Listing::agrees)) {
        lines.add(found.place().name() + " " + why(found));
      }
    }
    listings.stream()
        .filter(found -> !found.place().isPrimary())
        .filter(found -> found.state().equals("live") || found.state().equals("deleted"))
        .forEach(
            found ->
                lines.add(
                    found.place().name()
                        + " ("
                        + found.place().role()
                        + ") has it though it is no primary: it gives it to the primaries and drops"
                        + " it."));
  }

  private static String counts(Listing listing) {
    return listing.containers() + " " + listing.objects() + " " + listing.bytes();
  }

  private static String why(Listing listing) {
    return switch (listing.state()) {
      case "unknown" -> "does not answer: " + listing.fault();
      case "absent" -> "lacks it: the next pass of replication brings it there.";
      default -> "says otherwise: replication or updates on the way bring it up to date.";
    };
  }
}
