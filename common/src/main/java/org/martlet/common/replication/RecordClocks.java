package org.martlet.common.replication;

import org.martlet.common.model.Timestamp;

/// The short form of an object's state that replicas exchange: the clocks of its three registers,
/// and a checksum over what they govern. A state is a join: each register keeps its largest value,
/// so one replica may be ahead in one register and behind in another.
///
/// Two registers with equal clocks may still hold different values (two proxies, one tick).
/// Only equal checksums show that they do not, and the checksum is over all registers together:
/// [#covers] therefore says no where it cannot know.
///
/// @param contentType the clock of the content type
/// @param metadata the clock of the metadata that a POST replaces
/// @param headersTag CRC-32C over data headers, content type and metadata
public record RecordClocks(
    DataClock data, Timestamp contentType, Timestamp metadata, int headersTag) {

  /// How one replica's state stands to another's.
  public enum Order {
    /// Both have the same state.
    SAME,
    /// The first has something newer, and nothing older as far as clocks show.
    NEWER,
    /// The second has something newer, and the first nothing as far as clocks show.
    OLDER,
    /// Each has something newer, or all clocks are equal and what they govern is not: each needs
    /// the other's state.
    APART
  }

  public Order orderTo(RecordClocks other) {
    boolean ahead = isAheadOf(other);
    boolean behind = other.isAheadOf(this);
    if (ahead == behind) {
      return equals(other) ? Order.SAME : Order.APART;
    }
    return ahead ? Order.NEWER : Order.OLDER;
  }

  /// Whether any register's clock is newer than the other's.
  public boolean isAheadOf(RecordClocks other) {
    return data.compareTo(other.data) > 0
        || contentType.isAfter(other.contentType)
        || metadata.isAfter(other.metadata);
  }

  /// Whether these clocks show that the other state is contained in this one: joining it would
  /// change nothing.
  ///
  /// @return false also where a tie of clocks leaves it open; then a push of the other state
  ///     settles it
  public boolean covers(RecordClocks other) {
    if (other.isAheadOf(this)) {
      return false;
    }
    boolean everyRegisterNewer =
        data.compareTo(other.data) > 0
            && contentType.isAfter(other.contentType)
            && metadata.isAfter(other.metadata);
    return headersTag == other.headersTag || everyRegisterNewer;
  }

  /// The latest of the three clocks.
  public Timestamp newest() {
    return Timestamp.max(data.timestamp(), Timestamp.max(contentType, metadata));
  }
}
