package org.martlet.e2e.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The commands in a handbook: fenced blocks whose info string begins with `sh`.
///
/// - Shape: `sh on=s1,s2` runs on these machines, one after the other; `exit=1` says how it ends, 0
///   without. A block without `on` is not run. A `text` block right below one that is run shows
///   what it prints: its lines occur in this order, with other lines between them where there is a
///   line `…`; a `…` in a line stands for anything.
final class Handbook {
  private static final Pattern FENCE = Pattern.compile("^```(\\S*)\\s*(.*)$");
  private static final Pattern OPTION = Pattern.compile("(\\w+)=(\\S+)");

  /// @param line where it begins, from 1
  /// @param machines where it runs; empty for a block that is only to be read
  /// @param shown what it prints, if the handbook shows that
  record Block(
      int line, String chapter, List<String> machines, int exit, String commands, String shown) {}

  private final List<Block> blocks = new ArrayList<>();
  private final List<String> headings = new ArrayList<>();

  private Handbook() {}

  static Handbook read(Path file) throws IOException {
    Handbook handbook = new Handbook();
    handbook.parse(Files.readAllLines(file));
    return handbook;
  }

  /// All of them, also those that are only to be read.
  List<Block> blocks() {
    return List.copyOf(blocks);
  }

  /// Without their marks of level.
  List<String> headings() {
    return List.copyOf(headings);
  }

  private void parse(List<String> lines) {
    String chapter = "";
    int last = -2;
    for (int at = 0; at < lines.size(); at++) {
      String line = lines.get(at);
      Matcher fence = FENCE.matcher(line);
      if (!fence.matches()) {
        if (line.startsWith("#")) {
          String heading = line.replaceFirst("^#+ ", "");
          headings.add(heading);
          chapter = line.startsWith("## ") ? heading : chapter;
        }
        continue;
      }
      int end = at + 1;
      while (!lines.get(end).equals("```")) {
        end++;
      }
      String text = String.join("\n", lines.subList(at + 1, end));
      if (fence.group(1).equals("sh")) {
        blocks.add(block(at + 1, chapter, options(fence.group(2)), text));
        last = end;
      } else if (fence.group(1).equals("text") && at - last <= 2) {
        show(text);
      }
      at = end;
    }
  }

  private static Map<String, String> options(String info) {
    Map<String, String> options = new LinkedHashMap<>();
    OPTION.matcher(info).results().forEach(found -> options.put(found.group(1), found.group(2)));
    return options;
  }

  private static Block block(int line, String chapter, Map<String, String> options, String text) {
    String on = options.getOrDefault("on", "");
    return new Block(
        line,
        chapter,
        on.isEmpty() ? List.of() : List.of(on.split(",")),
        Integer.parseInt(options.getOrDefault("exit", "0")),
        text,
        "");
  }

  private void show(String text) {
    Block of = blocks.removeLast();
    blocks.add(new Block(of.line(), of.chapter(), of.machines(), of.exit(), of.commands(), text));
  }

  /// What of the shown lines was not printed; empty if all was.
  static List<String> missing(String shown, String printed) {
    List<String> missing = new ArrayList<>();
    List<String> lines = printed.lines().map(Handbook::blanks).toList();
    int next = 0;
    for (String wanted : shown.lines().map(Handbook::blanks).toList()) {
      if (wanted.isEmpty() || wanted.equals("…")) {
        continue;
      }
      Pattern pattern = pattern(wanted);
      int found = next;
      while (found < lines.size() && !pattern.matcher(lines.get(found)).matches()) {
        found++;
      }
      if (found == lines.size()) {
        missing.add(wanted);
      } else {
        next = found + 1;
      }
    }
    return missing;
  }

  /// Columns are as wide as what is in them: how many blanks there are does not count.
  private static String blanks(String line) {
    return line.strip().replaceAll("\\s+", " ");
  }

  private static Pattern pattern(String wanted) {
    StringBuilder pattern = new StringBuilder();
    for (String part : wanted.split("…", -1)) {
      pattern.append(pattern.isEmpty() ? "" : ".*").append(Pattern.quote(part));
    }
    return Pattern.compile(pattern.toString());
  }
}
