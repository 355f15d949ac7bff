package org.martlet.common.kv;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/// RocksDB's status codes in our terms.
final class RocksFaults {
  private RocksFaults() {}

  static KeyValueFault of(String what, RocksDBException e) {
    return new KeyValueFault(kindOf(e.getStatus()), what + ": " + e.getMessage(), e);
  }

  private static KeyValueFault.Kind kindOf(@Nullable Status status) {
    if (status == null) {
      return KeyValueFault.Kind.IO;
    }
    if (status.getSubCode() == Status.SubCode.NoSpace) {
      return KeyValueFault.Kind.NO_SPACE;
    }
    return status.getCode() == Status.Code.Corruption
        ? KeyValueFault.Kind.CORRUPT
        : KeyValueFault.Kind.IO;
  }
}
