package org.martlet.common.kv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads of a database, or of a snapshot of one.
///
/// Threads: any platform thread, several at once; blocks on the device.
public interface KeyValueReader {

  /// The value of a key, or null.
  byte @Nullable [] get(KeyValueFamily family, byte[] key) throws KeyValueFault;

  /// Copies the value of a key into a buffer that the caller reuses.
  ///
  /// @return the length of the value, of which at most `into.length` bytes were copied; -1 if there
  ///     is no such key
  int get(KeyValueFamily family, byte[] key, byte[] into) throws KeyValueFault;

  /// The values of many keys, null where there is none, in the order of the keys.
  List<byte @Nullable []> multiGet(KeyValueFamily family, List<byte[]> keys) throws KeyValueFault;

  /// A cursor over a range, as everything was at this moment (or at that of the snapshot). It
  /// stands nowhere until it is moved. To be closed.
  KeyValueCursor cursor(KeyValueFamily family, KeyRange range) throws KeyValueFault;
}
