package org.martlet.objectserver.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.martlet.common.disk.DiskFault;
import org.martlet.common.disk.DiskFull;
import org.martlet.common.disk.DiskOperation;
import org.martlet.common.disk.DiskOutOfHandles;
import org.martlet.common.kv.KeyValueFault;

/// What went wrong with a device since it was opened, in numbers that only grow.
///
/// Threads: any.
public final class FaultCounts {
  /// What was tried.
  public enum Operation {
    OPEN,
    READ,
    WRITE,
    SYNC,
    REMOVE,
    /// Anything of the index database.
    INDEX
  }

  /// How it went wrong.
  public enum Kind {
    /// The device failed it (EIO, a file system that went read-only).
    FAILED,
    /// There was no space.
    FULL,
    /// This process had no file handle left.
    HANDLES,
    /// The index is damaged.
    DAMAGED
  }

  private record What(Operation operation, Kind kind) {}

  private final Map<What, LongAdder> counts = new ConcurrentHashMap<>();
  private final AtomicLong quarantined = new AtomicLong();

  void disk(DiskFault fault) {
    Kind kind =
        switch (fault) {
          case DiskFull full -> Kind.FULL;
          case DiskOutOfHandles handles -> Kind.HANDLES;
          default -> Kind.FAILED;
        };
    count(operation(fault.operation()), kind);
  }

  private static Operation operation(DiskOperation operation) {
    return switch (operation) {
      case OPEN, LOCK -> Operation.OPEN;
      case READ, SIZE, LIST, EXISTS, SPACE -> Operation.READ;
      case CREATE, WRITE, TRUNCATE, RENAME, CREATE_DIRECTORY, CLOSE -> Operation.WRITE;
      case FORCE, SYNC_DIRECTORY -> Operation.SYNC;
      case DELETE -> Operation.REMOVE;
    };
  }

  void index(KeyValueFault fault) {
    count(
        Operation.INDEX,
        switch (fault.kind()) {
          case NO_SPACE -> Kind.FULL;
          case CORRUPT -> Kind.DAMAGED;
          default -> Kind.FAILED;
        });
  }

  private void count(Operation operation, Kind kind) {
    counts.computeIfAbsent(new What(operation, kind), what -> new LongAdder()).increment();
  }

  void quarantined() {
    quarantined.incrementAndGet();
  }

  /// How often an operation went wrong like this.
  public long of(Operation operation, Kind kind) {
    LongAdder count = counts.get(new What(operation, kind));
    return count == null ? 0 : count.sum();
  }

  /// Objects that were found damaged, and are missing on this device since.
  public long quarantinedObjects() {
    return quarantined.get();
  }
}
