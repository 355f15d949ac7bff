package org.martlet.containerserver.listing;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.Incarnation;
import org.martlet.common.protocol.RowsClock;

/// A listing's own state, beside its rows: a join of its clocks, its life and its metadata.
///
/// - Shape on disk: version 2; account; container (empty for an account); created, put, deleted;
///   incarnation: after, at, policy index; forgotten: newest, weight; number of metadata entries;
///   each with name, value, clock.
///
/// @param created the earliest creation that is known
/// @param put the latest PUT or POST
/// @param deleted the latest DELETE, [Timestamp#ZERO] if there was none
/// @param incarnation of a container; an account has its first with policy 0
/// @param forgotten what the deleted rows of a container weighed that were reclaimed: joined by
///     replicas, so that one that is filled anew does not count from behind; none for an account
/// @param metadata by lower-case header name
public record ListingInfo(
    ObjectPath path,
    Timestamp created,
    Timestamp put,
    Timestamp deleted,
    Incarnation incarnation,
    RowsClock forgotten,
    SortedMap<String, MetadataValue> metadata) {
  private static final int VERSION = 2;

  public ListingInfo {
    metadata = Collections.unmodifiableSortedMap(metadata);
  }

  /// A listing that was created just now.
  static ListingInfo created(ObjectPath path, Timestamp at, int policy) {
    return new ListingInfo(
        path,
        at,
        at,
        Timestamp.ZERO,
        new Incarnation(Timestamp.ZERO, at, policy),
        RowsClock.ZERO,
        new TreeMap<>());
  }

  /// What both know; commutative, associative, idempotent.
  static ListingInfo merge(ListingInfo a, ListingInfo b) {
    return new ListingInfo(
        a.path,
        a.created.compareTo(b.created) <= 0 ? a.created : b.created,
        Timestamp.max(a.put, b.put),
        Timestamp.max(a.deleted, b.deleted),
        Incarnation.merge(a.incarnation, b.incarnation),
        RowsClock.merge(a.forgotten, b.forgotten),
        mergeMetadata(a.metadata, b.metadata));
  }

  private static SortedMap<String, MetadataValue> mergeMetadata(
      SortedMap<String, MetadataValue> a, SortedMap<String, MetadataValue> b) {
    SortedMap<String, MetadataValue> merged = new TreeMap<>(a);
    b.forEach((name, value) -> merged.merge(name, value, MetadataValue::merge));
    return merged;
  }

  ListingInfo withPut(Timestamp at) {
    return new ListingInfo(
        path, created, Timestamp.max(put, at), deleted, incarnation, forgotten, metadata);
  }

  ListingInfo withDeleted(Timestamp at) {
    return new ListingInfo(
        path, created, put, Timestamp.max(deleted, at), incarnation, forgotten, metadata);
  }

  /// A new life after the last deletion.
  ListingInfo recreated(Timestamp at, int policy) {
    return new ListingInfo(
        path,
        created,
        Timestamp.max(put, at),
        deleted,
        Incarnation.merge(incarnation, new Incarnation(deleted, at, policy)),
        forgotten,
        metadata);
  }

  ListingInfo withMetadata(SortedMap<String, MetadataValue> updates) {
    return updates.isEmpty()
        ? this
        : new ListingInfo(
            path, created, put, deleted, incarnation, forgotten, mergeMetadata(metadata, updates));
  }

  /// With a row of these clocks reclaimed.
  ListingInfo forgetting(List<Timestamp> clocks) {
    return new ListingInfo(
        path, created, put, deleted, incarnation, forgotten.forgetting(clocks), metadata);
  }

  /// Without removed metadata that need not be kept any longer.
  ListingInfo tidied(MetadataLimits limits, Timestamp now) {
    return new ListingInfo(
        path, created, put, deleted, incarnation, forgotten, limits.kept(metadata, now));
  }

  /// Whether it counts as deleted: for a container Swift's rule, the delete later than the put and
  /// no objects in any policy; for an account the delete alone.
  public boolean isDeleted(Totals totals) {
    return deleted.isAfter(put) && (path.container() == null || totals.all().rows() == 0);
  }

  /// When it last began or ended to exist.
  public Timestamp statusChanged(Totals totals) {
    return isDeleted(totals) ? deleted : incarnation.at();
  }

  public int policy() {
    return incarnation.policy();
  }

  byte[] encode() {
    RecordWriter out = new RecordWriter().u8(VERSION).text(path.account());
    @Nullable String container = path.container();
    out.text(container == null ? "" : container)
        .timestamp(created)
        .timestamp(put)
        .timestamp(deleted)
        .incarnation(incarnation)
        .rowsClock(forgotten)
        .number(metadata.size());
    for (Map.Entry<String, MetadataValue> entry : metadata.entrySet()) {
      MetadataValue value = entry.getValue();
      out.text(entry.getKey()).text(value.value()).timestamp(value.clock());
    }
    return out.toBytes();
  }

  static ListingInfo decode(byte[] bytes) throws KeyValueFault {
    RecordReader in = new RecordReader(bytes, VERSION);
    ObjectPath path = path(in.text(), in.text());
    Timestamp created = in.timestamp();
    Timestamp put = in.timestamp();
    Timestamp deleted = in.timestamp();
    Incarnation life = in.incarnation();
    RowsClock forgotten = in.rowsClock();
    if (!forgotten.isForgettable()) {
      throw RecordReader.corrupt("more is forgotten than can be");
    }
    int entries = in.smallNumber();
    SortedMap<String, MetadataValue> metadata = new TreeMap<>();
    for (int i = 0; i < entries; i++) {
      metadata.put(in.text(), new MetadataValue(in.text(), in.timestamp()));
    }
    in.end();
    return new ListingInfo(path, created, put, deleted, life, forgotten, metadata);
  }

  private static ObjectPath path(String account, String container) throws KeyValueFault {
    try {
      return container.isEmpty()
          ? ObjectPath.account(account)
          : ObjectPath.container(account, container);
    } catch (IllegalArgumentException e) {
      throw RecordReader.corrupt("a name that is none: " + e.getMessage());
    }
  }
}
