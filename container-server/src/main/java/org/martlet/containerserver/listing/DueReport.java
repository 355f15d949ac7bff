package org.martlet.containerserver.listing;

import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;

/// A durable mark: a container changed and its account has not been told.
///
/// - Shape on disk: version 1; account, container; changed, since, not-before; attempts.
///
/// @param hash of the container
/// @param changed the container's [Totals#changed] that the mark was made for
/// @param since when the mark was made
/// @param notBefore when to try again
/// @param attempts how often the account's server had no such account
public record DueReport(
    ObjectHash hash,
    ObjectPath container,
    Timestamp changed,
    Timestamp since,
    Timestamp notBefore,
    int attempts) {
  private static final int VERSION = 1;

  static DueReport fresh(ListingId id, Timestamp changed, Timestamp now) {
    return new DueReport(id.hash(), id.path(), changed, now, Timestamp.ZERO, 0);
  }

  /// The same mark, to be tried again at the given moment.
  DueReport postponed(Timestamp until) {
    return new DueReport(hash, container, changed, since, until, attempts + 1);
  }

  byte[] encode() {
    String name = container.container();
    return new RecordWriter()
        .u8(VERSION)
        .text(container.account())
        .text(name == null ? "" : name)
        .timestamp(changed)
        .timestamp(since)
        .timestamp(notBefore)
        .number(attempts)
        .toBytes();
  }

  static DueReport decode(ObjectHash hash, byte[] bytes) throws KeyValueFault {
    RecordReader in = new RecordReader(bytes, VERSION);
    String account = in.text();
    String name = in.text();
    DueReport due =
        new DueReport(
            hash,
            path(account, name),
            in.timestamp(),
            in.timestamp(),
            in.timestamp(),
            in.smallNumber());
    in.end();
    return due;
  }

  private static ObjectPath path(String account, String container) throws KeyValueFault {
    try {
      return ObjectPath.container(account, container);
    } catch (IllegalArgumentException e) {
      throw RecordReader.corrupt("a name that is none: " + e.getMessage());
    }
  }
}
