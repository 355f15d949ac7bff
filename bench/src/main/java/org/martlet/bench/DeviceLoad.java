package org.martlet.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Loads one device's engine and the bare disk in turn, in the same run, and prints how they
/// compare.
///
/// `DeviceLoad [puts|blobs|gets|fill|inline]... [--seconds N] [--rounds N] [--objects N]`; without
/// a name all but `fill`, which writes ten million objects and some 15 GB.
public final class DeviceLoad {
  private static final List<String> DEFAULT = List.of("puts", "blobs", "gets", "inline");

  private DeviceLoad() {}

  /// How long and how much.
  ///
  /// @param seconds of one round
  /// @param rounds of engine and baseline in turn
  /// @param objects of [FillLoad]
  record Extent(int seconds, int rounds, int objects) {
    Extent with(String option, int value) {
      return switch (option) {
        case "--seconds" -> new Extent(value, rounds, objects);
        case "--rounds" -> new Extent(seconds, value, objects);
        case "--objects" -> new Extent(seconds, rounds, value);
        default -> throw new IllegalArgumentException("no such option: " + option);
      };
    }
  }

  /// @param args as above
  public static void main(String[] args) throws IOException {
    Extent extent = new Extent(5, 3, 10_000_000);
    List<String> loads = new ArrayList<>();
    for (int n = 0; n < args.length; n++) {
      if (args[n].startsWith("--") && n + 1 < args.length) {
        extent = extent.with(args[n], Integer.parseInt(args[++n]));
      } else {
        loads.add(args[n]);
      }
    }
    for (String load : loads.isEmpty() ? DEFAULT : loads) {
      run(load, extent);
    }
  }

  private static void run(String load, Extent extent) throws IOException {
    switch (load) {
      case "puts" -> PutLoad.run(extent);
      case "blobs" -> BlobLoad.run(extent);
      case "gets" -> GetLoad.run(extent);
      case "fill" -> FillLoad.run(extent);
      case "inline" -> InlineLimitLoad.run(extent);
      default -> throw new IllegalArgumentException("no such load: " + load);
    }
  }

  static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
