package org.martlet.proxyserver.quorum;

/// How one kind of change is decided.
///
/// @param durability when it is durable
/// @param conflicts what 409 means
/// @param missing what 404 means
/// @param done the status of success: where a 409 counts as done, it counts as this
/// @param rounds how often it is sent at most, 1 or more
public record WriteRules(
    DurabilityRule durability, Conflicts conflicts, Missing missing, int done, int rounds) {
  /// What it means that a device holds something newer.
  public enum Conflicts {
    /// An answer like others.
    ANSWER,
    /// The clock was ours, so it was late: take a later one and repeat. When the rounds are used
    /// up, whoever is newer wrote at the same time as this request, and won: the device counts.
    OUTBID
  }

  /// What it means that a device has nothing.
  public enum Missing {
    /// An answer like others.
    ANSWER,
    /// For DELETE: counts as done where there is no quorum otherwise.
    COUNTS_AS_DONE,
    /// For POST: another device may stand in and have it.
    ASK_ANOTHER
  }

  public WriteRules {
    if (rounds < 1) {
      throw new IllegalArgumentException("a change is sent at least once, not " + rounds);
    }
  }

  /// For accounts and containers: every answer counts as it is.
  public static WriteRules plain(DurabilityRule durability) {
    return new WriteRules(durability, Conflicts.ANSWER, Missing.ANSWER, 201, 1);
  }
}
