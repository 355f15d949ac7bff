package org.martlet.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Text in aligned columns for a terminal: sections of labels and values, and tables.
///
/// What came from a tenant (names, headers) cannot move the cursor or colour the screen: control
/// characters are written as `\xNN`.
public final class Sheet {
  private static final String GAP = "  ";

  private final StringBuilder text = new StringBuilder();

  /// Begins a section, after an empty line.
  public Sheet section(String title) {
    if (!text.isEmpty()) {
      text.append('\n');
    }
    text.append(title).append('\n');
    return this;
  }

  /// Labels and values below one another; a label without a value is left out.
  public Sheet rows(Map<String, String> rows) {
    List<List<String>> lines = new ArrayList<>();
    rows.forEach(
        (label, value) -> {
          if (!value.isEmpty()) {
            lines.add(List.of(label, value));
          }
        });
    return table(lines);
  }

  /// Rows of cells, each column as wide as its widest cell; numbers to the right. A column's first
  /// cell decides nothing: a heading stands where its numbers do.
  public Sheet table(List<List<String>> rows) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    boolean[] right = new boolean[columns];
    for (int c = 0; c < columns; c++) {
      right[c] = isNumeric(rows, c);
      for (List<String> row : rows) {
        if (c < row.size()) {
          widths[c] = Math.max(widths[c], shown(row.get(c)).length());
        }
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < row.size(); c++) {
        String cell = shown(row.get(c));
        String pad = " ".repeat(widths[c] - cell.length());
        line.append(GAP).append(right[c] ? pad + cell : cell + pad);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return this;
  }

  /// Whether a column of a table with a heading holds numbers only.
  private static boolean isNumeric(List<List<String>> rows, int column) {
    boolean any = false;
    for (List<String> row : rows.subList(Math.min(1, rows.size()), rows.size())) {
      if (column < row.size() && !row.get(column).isEmpty()) {
        if (column == 0 || !row.get(column).matches("-|[0-9][0-9.,]*( ?%| [KMGTP]?i?B)?")) {
          return false;
        }
        any = true;
      }
    }
    return any && rows.size() > 2;
  }

  public Sheet line(String line) {
    text.append(GAP).append(shown(line)).append('\n');
    return this;
  }

  /// Control characters made visible.
  public static String shown(String value) {
    StringBuilder safe = new StringBuilder(value.length());
    value
        .codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                safe.append(c <= 0xff ? "\\x%02x".formatted(c) : "\\u%04x".formatted(c));
              } else {
                safe.appendCodePoint(c);
              }
            });
    return safe.toString();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
