package org.martlet.common.kv;

/// A key space of its own within a database, with its own tuning; batches span families atomically.
///
/// @param name unique in the database
/// @param access what it is tuned for; may change from one open to the next
public record KeyValueFamily(String name, Access access) {
  /// How a family is read for the most part.
  public enum Access {
    /// Single keys, at random: small blocks, not compressed.
    POINT,
    /// Runs of neighbours: larger blocks, compressed.
    SCAN
  }

  public KeyValueFamily {
    if (name.isEmpty() || name.equals("default")) {
      throw new IllegalArgumentException("not a name for a family: \"" + name + "\"");
    }
  }

  public static KeyValueFamily forPoints(String name) {
    return new KeyValueFamily(name, Access.POINT);
  }

  public static KeyValueFamily forScans(String name) {
    return new KeyValueFamily(name, Access.SCAN);
  }
}
