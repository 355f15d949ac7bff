package org.martlet.objectserver.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a device has of one object, for whoever operates it.
///
/// - Shape: as JSON (`docs/http-api.md`), with the names of the components; numbers that may not
///   fit a double are text.
///
/// @param device its identity
/// @param record the newest record of the object; null where there is none
/// @param clocks null where the device has neither object nor tombstone
/// @param content null where there is no body, or its description is damaged
/// @param body null where there is none
/// @param leaf the digest that covers the object; null where that is not known
/// @param checks everything that was verified
/// @param remarks what else the operator should know
public record ObjectFacts(
    String device,
    State state,
    @Nullable LogRecord record,
    @Nullable Clocks clocks,
    @Nullable Content content,
    @Nullable Body body,
    @Nullable Leaf leaf,
    List<Check> checks,
    List<String> remarks) {
  /// Also of what another server sent, where anything may be missing.
  public ObjectFacts {
    Objects.requireNonNull(device);
    Objects.requireNonNull(state);
    checks = List.copyOf(checks);
    remarks = List.copyOf(remarks);
  }

  /// What the newest record makes of the object here.
  public enum State {
    /// There is a body.
    LIVE,
    /// A tombstone: it was deleted.
    DELETED,
    /// What was here was given away, reclaimed or quarantined; the record's kind says which.
    GONE,
    /// The device knows nothing of it.
    ABSENT
  }

  /// A log record.
  ///
  /// @param kind as in `docs/disk-format.md`; `damaged` where the record cannot be read
  /// @param epoch the start of the device at which it was written
  /// @param change the number of the change since that start
  /// @param file the volume, relative to the device's directory
  /// @param offset in bytes
  /// @param length in bytes
  /// @param headLength of header, name and metadata
  /// @param oldestVolume that may hold a record of this object
  /// @param due the container replicas whose listing has not heard of it
  public record LogRecord(
      String kind,
      long epoch,
      long change,
      String file,
      long offset,
      int length,
      int headLength,
      int oldestVolume,
      List<Integer> due) {
    public LogRecord {
      Objects.requireNonNull(kind);
      Objects.requireNonNull(file);
      due = List.copyOf(due);
    }
  }

  /// Timestamps in Swift's internal form.
  public record Clocks(String data, boolean deleted, String contentType, String metadata) {
    public Clocks {
      Objects.requireNonNull(data);
      Objects.requireNonNull(contentType);
      Objects.requireNonNull(metadata);
    }
  }

  /// What is stored beside the body.
  ///
  /// @param dataHeaders stay with the body through a POST
  /// @param metadata is replaced by a POST
  public record Content(
      String path,
      String contentType,
      long length,
      String etag,
      String crc32c,
      Map<String, String> dataHeaders,
      Map<String, String> metadata) {
    public Content {
      Objects.requireNonNull(path);
      Objects.requireNonNull(contentType);
      Objects.requireNonNull(etag);
      Objects.requireNonNull(crc32c);
      dataHeaders = Collections.unmodifiableMap(new LinkedHashMap<>(dataHeaders));
      metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }
  }

  /// Where the body is.
  ///
  /// @param kind `inline`: in the record itself; `record`: in an older one; `blob`: in its own file
  /// @param file relative to the device's directory
  /// @param offset in it, of the record or of the body
  /// @param length from there on, all that belongs to it
  public record Body(String kind, String file, long offset, long length) {
    public Body {
      Objects.requireNonNull(kind);
      Objects.requireNonNull(file);
    }
  }

  /// A leaf of the digests that replicas compare.
  ///
  /// @param number the first `bits` bits of the hash
  /// @param digest over everything in it
  public record Leaf(int bits, int number, String digest) {}

  /// One thing that was verified.
  ///
  /// @param detail in words; may be empty
  public record Check(String what, boolean good, String detail) {
    public Check {
      Objects.requireNonNull(what);
      Objects.requireNonNull(detail);
    }
  }

  /// Whether there is nothing wrong with what is here.
  public boolean isSound() {
    return checks.stream().allMatch(Check::good);
  }
}
