package org.martlet.ringbuilder.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// Colours for a terminal; elsewhere, or where `NO_COLOR` is set, text stays as it is.
///
/// @param on whether to colour
record Paint(boolean on) {
  /// As the help texts are coloured: only where standard output is a terminal, unless
  /// `CLICOLOR_FORCE` is set.
  static Paint of(CommandLine command) {
    Ansi ansi = command.getColorScheme().ansi();
    return new Paint(ansi.enabled());
  }

  String bold(String text) {
    return with(1, text);
  }

  String red(String text) {
    return with(31, text);
  }

  String green(String text) {
    return with(32, text);
  }

  String yellow(String text) {
    return with(33, text);
  }

  String cyan(String text) {
    return with(36, text);
  }

  private String with(int code, String text) {
    return on && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
