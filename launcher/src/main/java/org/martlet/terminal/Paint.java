package org.martlet.terminal;

import picocli.CommandLine;

/// Colours for a terminal; elsewhere, or where `NO_COLOR` is set, text stays as it is.
///
/// @param on whether to colour
public record Paint(boolean on) {
  /// As the help texts are coloured: only where standard output is a terminal, unless
  /// `CLICOLOR_FORCE` is set.
  public static Paint of(CommandLine command) {
    return new Paint(command.getColorScheme().ansi().enabled());
  }

  public String red(String text) {
    return with(31, text);
  }

  public String green(String text) {
    return with(32, text);
  }

  public String yellow(String text) {
    return with(33, text);
  }

  private String with(int code, String text) {
    return on && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
