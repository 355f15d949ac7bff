package org.martlet.common.config;

/// A key that was read, and what it came to.
///
/// @param table the dotted name of its table; empty for the top
/// @param key its name in the table
/// @param value as it would be written in TOML; secrets are hidden
/// @param kind where the value is from when nobody sets it
/// @param isSet whether the file sets it
/// @param isFree whether it is in a table of which there may be any number, so that there need not
///     be one
public record ConfigEntry(
    String table, String key, String value, Kind kind, boolean isSet, boolean isFree) {
  /// What happens without the key.
  public enum Kind {
    /// There is a default.
    DEFAULTED,
    /// That is an error.
    REQUIRED,
    /// There is no value; or no element, for tables whose names or number are free.
    OPTIONAL
  }

  /// The dotted name of the key.
  public String path() {
    return table.isEmpty() ? key : table + "." + key;
  }
}
