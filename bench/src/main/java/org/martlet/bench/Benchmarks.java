package org.martlet.bench;

import java.io.IOException;
import org.openjdk.jmh.Main;

/// Runs benchmarks by pattern, with JMH's own command line: `Benchmarks 'Store.*put' -f 3`; `-l`
/// lists them, `-h` explains the options. Results go to standard output.
public final class Benchmarks {
  private Benchmarks() {}

  /// @param args patterns of benchmark names (all without one) and JMH's options
  public static void main(String[] args) throws IOException {
    Main.main(args);
  }
}
