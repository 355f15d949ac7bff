package org.martlet.containerserver.listing;

import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;

/// A durable mark: a container has, or had, rows of objects that lie in another storage policy than
/// its own. Made in the batch that brings such a row or changes the container's policy.
///
/// - Shape on disk: version 1; account, container; changed.
///
/// @param hash of the container
/// @param changed the container's [Totals#changed] that the mark was made for last
public record MisplacedMark(ObjectHash hash, ObjectPath container, Timestamp changed) {
  private static final int VERSION = 1;

  byte[] encode() {
    return new RecordWriter()
        .u8(VERSION)
        .text(container.account())
        .text(String.valueOf(container.container()))
        .timestamp(changed)
        .toBytes();
  }

  static MisplacedMark decode(ObjectHash hash, byte[] bytes) throws KeyValueFault {
    RecordReader in = new RecordReader(bytes, VERSION);
    String account = in.text();
    String name = in.text();
    Timestamp changed = in.timestamp();
    in.end();
    try {
      return new MisplacedMark(hash, ObjectPath.container(account, name), changed);
    } catch (IllegalArgumentException e) {
      throw RecordReader.corrupt("a name that is none: " + e.getMessage());
    }
  }
}
