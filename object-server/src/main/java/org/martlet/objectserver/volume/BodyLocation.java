package org.martlet.objectserver.volume;

/// Where the body of an object lies.
public sealed interface BodyLocation {
  BodyLocation NONE = new None();

  /// There is no body.
  record None() implements BodyLocation {}

  /// In a record of a volume, behind its envelope.
  record InRecord(RecordLocation at) implements BodyLocation {}

  /// In a blob file of its own.
  ///
  /// @param id the number that names the file
  record InBlob(long id) implements BodyLocation {}
}
