package org.martlet.common.disk;

/// Shares of a device, in ten-thousandths, that are kept free.
///
/// @param reserve below it nothing is taken that adds data
/// @param reserveHard below it nothing is taken at all; not above `reserve`
public record SpaceMarks(int reserve, int reserveHard) {
  public static final SpaceMarks DEFAULT = new SpaceMarks(100, 10);

  private static final double PERCENT = 100;

  public SpaceMarks {
    if (reserveHard < 0 || reserve < reserveHard || reserve > 10_000) {
      throw new IllegalArgumentException(
          "reserves are not in order: " + reserveHard + ", " + reserve);
    }
  }

  /// The same in percent, as configuration has them.
  public static SpaceMarks ofPercent(double reserve, double reserveHard) {
    return new SpaceMarks(
        (int) Math.round(reserve * PERCENT), (int) Math.round(reserveHard * PERCENT));
  }

  public double reservePercent() {
    return reserve / PERCENT;
  }

  public double reserveHardPercent() {
    return reserveHard / PERCENT;
  }
}
