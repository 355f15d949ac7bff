package org.martlet.where;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.martlet.UserMistake;
import org.martlet.cluster.Cluster;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.common.ring.RingHolder;
import org.martlet.where.WhereReport.Copy;
import org.martlet.where.WhereReport.Listing;
import org.martlet.where.WhereReport.Row;

/// Finds out where something is.
///
/// @param handoffs how many to ask; null for as many as there are primaries
record Search(Cluster cluster, Asking asking, @Nullable Integer handoffs) {

  private Places places(RingHolder rings, ObjectHash hash) {
    int primaries = rings.current().primaries(rings.current().partition(hash)).size();
    return Places.of(rings, hash, Objects.requireNonNullElse(handoffs, primaries));
  }

  /// @param policyIndex null for the container's
  /// @throws UserMistake if no device answers, or there is no such policy
  WhereReport object(ObjectPath path, @Nullable Integer policyIndex) {
    ObjectPath container = ObjectPath.container(path.account(), String.valueOf(path.container()));
    Places listing = Places.of(cluster.containerRing(), cluster.hasher().hash(container), 0);
    Integer told = policyIndex == null ? policyOf(listing, container) : policyIndex;
    StoragePolicy policy = policy(told);
    ObjectHash hash = cluster.hasher().hash(path);
    Places places = places(cluster.objectRing(policy), hash);
    List<Copy> copies = ObjectSearch.copies(asking, places.all(), path, policy.index());
    Map<String, @Nullable String> faults = new LinkedHashMap<>();
    copies.forEach(copy -> faults.put(copy.place().name(), copy.fault()));
    checkAnswers(faults);
    Copy winner = ObjectSearch.winner(copies);
    List<Row> rows =
        ListingSearch.rows(
            asking, listing, container, String.valueOf(path.object()), expected(winner));
    Verdict verdict = Verdict.ofObject(copies, rows);
    if (told == null && winner == null) {
      verdict.policyGuessed(policy.index());
    }
    return new WhereReport(
        WhereReport.FORMAT,
        path.toString(),
        "object",
        policy.index(),
        hash.toString(),
        policy.ringName(),
        places.ring().version(),
        places.partition().value(),
        verdict.healthy(),
        verdict.lines(),
        copies,
        List.of(),
        rows);
  }

  private static ListingSearch.Expected expected(@Nullable Copy winner) {
    if (winner == null) {
      return new ListingSearch.Expected(false, -1, null);
    }
    Long size = winner.size();
    return new ListingSearch.Expected(
        winner.state().equals("live"),
        size == null || winner.listedOtherwise() ? -1 : size,
        winner.etag());
  }

  /// @param index null for the cluster's default
  private StoragePolicy policy(@Nullable Integer index) {
    return index == null
        ? cluster.policies().byDefault()
        : cluster
            .policies()
            .find(index)
            .orElseThrow(() -> new UserMistake("there is no storage policy of index " + index));
  }

  /// The container's; null if none of its replicas tells it. One that was deleted still does.
  private @Nullable Integer policyOf(Places places, ObjectPath container) {
    List<Listing> found =
        ListingSearch.listings(asking, places, container).stream()
            .filter(one -> one.agrees() && one.policy() != null)
            .toList();
    return found.isEmpty() ? null : found.getFirst().policy();
  }

  /// @param path of a container or an account
  /// @throws UserMistake if no device answers
  WhereReport listing(ObjectPath path) {
    boolean container = path.container() != null;
    String kind = container ? "container" : "account";
    ObjectHash hash = cluster.hasher().hash(path);
    Places places = places(container ? cluster.containerRing() : cluster.accountRing(), hash);
    List<Listing> listings = ListingSearch.listings(asking, places, path);
    Map<String, @Nullable String> faults = new LinkedHashMap<>();
    listings.forEach(
        found ->
            faults.put(
                found.place().name(),
                found.state().equals("unknown") ? String.valueOf(found.fault()) : null));
    checkAnswers(faults);
    List<Row> rows = container ? rowsInAccount(path, listings) : List.of();
    Verdict verdict = Verdict.ofListing(kind, listings, rows);
    return new WhereReport(
        WhereReport.FORMAT,
        path.toString(),
        kind,
        null,
        hash.toString(),
        kind,
        places.ring().version(),
        places.partition().value(),
        verdict.healthy(),
        verdict.lines(),
        List.of(),
        listings,
        rows);
  }

  /// Counts in accounts follow changes after some seconds, so they are shown, not judged.
  private List<Row> rowsInAccount(ObjectPath path, List<Listing> listings) {
    ObjectPath account = ObjectPath.account(path.account());
    boolean live =
        listings.stream().anyMatch(found -> found.agrees() && found.state().equals("live"));
    return ListingSearch.rows(
        asking,
        Places.of(cluster.accountRing(), cluster.hasher().hash(account), 0),
        account,
        String.valueOf(path.container()),
        new ListingSearch.Expected(live, -1, null));
  }

  /// @param faults by device, null for one that answers
  private static void checkAnswers(Map<String, @Nullable String> faults) {
    if (faults.values().stream().allMatch(Objects::nonNull)) {
      StringBuilder told = new StringBuilder("no device answers:");
      faults.forEach((device, fault) -> told.append("\n  " + device + ": " + fault));
      throw new UserMistake(told.toString());
    }
  }
}
