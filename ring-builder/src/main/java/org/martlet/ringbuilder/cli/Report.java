package org.martlet.ringbuilder.cli;

import com.google.errorprone.annotations.FormatMethod;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a command tells: lines as they come for people, or one JSON value in the end for
/// programs.
///
/// Commands give both; which of them is shown was decided before. Warnings and the words on
/// what to do next are in the JSON, too.
final class Report {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean forPrograms;
  private final Paint paint;
  private final ProgressBar progress;
  private final ObjectNode object = MAPPER.createObjectNode();
  private final List<String> warnings = new ArrayList<>();
  private @Nullable JsonNode answer;
  private @Nullable String next;

  Report(CommandLine command, boolean forPrograms) {
    this.out = command.getOut();
    this.err = command.getErr();
    this.forPrograms = forPrograms;
    this.paint = Paint.of(command);
    this.progress = new ProgressBar(err, paint.on() && !forPrograms);
  }

  /// Colours where a person reads.
  Paint paint() {
    return paint;
  }

  /// How far the command is, for people who wait.
  ProgressBar progress() {
    return progress;
  }

  @FormatMethod
  void line(String format, Object... values) {
    text(String.format(Locale.ROOT, format, values));
  }

  /// A line as it is, for people only.
  void text(String line) {
    progress.clear();
    if (!forPrograms) {
      out.println(line);
    }
  }

  /// A line among the others that makes the exit code 1.
  void note(String line) {
    text(paint.yellow(line));
    if (!line.isBlank() && !line.startsWith("-")) {
      warnings.add(line.strip());
    }
  }

  /// A line on standard error.
  void warn(String line) {
    progress.clear();
    warnings.add(line);
    if (!forPrograms) {
      err.println(paint.yellow("WARNING: " + line));
      err.flush();
    }
  }

  /// What to do after this command, in plain words.
  @FormatMethod
  void next(String format, Object... values) {
    next = String.format(Locale.ROOT, format, values);
  }

  boolean warned() {
    return !warnings.isEmpty();
  }

  /// Asks something; the question is not a part of the JSON.
  @FormatMethod
  void ask(String format, Object... values) {
    progress.clear();
    PrintWriter to = forPrograms ? err : out;
    to.print(String.format(Locale.ROOT, format, values));
    to.flush();
  }

  /// The object for programs; warnings and what to do next are added in the end.
  ObjectNode json() {
    return object;
  }

  /// Another value for programs instead of the object.
  void answer(JsonNode value) {
    answer = value;
  }

  void finish() {
    progress.clear();
    if (!forPrograms) {
      if (next != null) {
        out.println(paint.cyan("Next: ") + next);
      }
      return;
    }
    ArrayNode warned = object.putArray("warnings");
    warnings.forEach(warned::add);
    if (next != null) {
      object.put("next", next);
    }
    JsonNode shown = answer == null ? object : answer;
    out.println(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(shown));
  }
}
