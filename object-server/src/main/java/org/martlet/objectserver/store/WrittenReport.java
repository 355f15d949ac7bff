package org.martlet.objectserver.store;

/// What was written to a device since it was opened, without its index.
///
/// Their sum over the first is the write amplification.
///
/// @param userBytes of records and blob files, for changes that somebody asked for
/// @param compactionBytes of records that compaction has written anew
public record WrittenReport(long userBytes, long compactionBytes) {
  static final WrittenReport NOTHING = new WrittenReport(0, 0);

  WrittenReport plus(WrittenReport more) {
    return new WrittenReport(userBytes + more.userBytes, compactionBytes + more.compactionBytes);
  }
}
