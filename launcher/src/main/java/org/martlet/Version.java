package org.martlet;

import picocli.CommandLine.IVersionProvider;

/// The version that `--version` prints: the jar's, or `development` where there is none.
public final class Version implements IVersionProvider {
  /// The bare version.
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"martlet " + text()};
  }
}
