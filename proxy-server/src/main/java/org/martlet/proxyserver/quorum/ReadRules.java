package org.martlet.proxyserver.quorum;

/// How a read is decided.
///
/// @param primaries how many devices should have it, old primaries not counted
/// @param width how many are asked at first: one, or all there are for `X-Newest`
/// @param newest whether everybody's clock counts before an answer is used (`X-Newest`)
/// @param durability who has what was acknowledged, at least
public record ReadRules(int primaries, int width, boolean newest, DurabilityRule durability) {
  public ReadRules {
    if (primaries < 1 || width < 1) {
      throw new IllegalArgumentException("a read asks somebody");
    }
  }

  /// How many must say that there is nothing, for that to be true.
  int majority() {
    return primaries / 2 + 1;
  }
}
