package org.martlet.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an expression of PromQL names: metrics with their matchers, and labels that it groups by.
///
/// @param selectors in the order of the expression
/// @param labels grouped by or matched on
record PromSelectors(List<Selector> selectors, Set<String> labels) {
  private static final Pattern GROUPING =
      Pattern.compile("\\b(by|on|without|ignoring)\\s*\\(([^)]*)\\)");
  private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*\\]");
  private static final Pattern NAME =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*(\\{([^}]*)\\}|\\()?");
  private static final Pattern MATCHER =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)\\s*(=~|!~|!=|=)\\s*(\"[^\"]*\")");
  private static final Pattern FIRST_TEXT = Pattern.compile("\\(\\s*\"([^\"]*)\"\\s*,");
  private static final Set<String> KEYWORDS = Set.of("and", "or", "unless", "bool");

  /// A metric with its matchers.
  ///
  /// @param equal those that name a value, as they are written
  /// @param other labels that are compared in another way
  record Selector(String name, List<String> equal, List<String> other) {
    /// The metric with the values that are named.
    String exact() {
      return name + "{" + String.join(",", equal) + "}";
    }
  }

  static PromSelectors of(String expression) {
    Set<String> labels = new TreeSet<>();
    Matcher grouping = GROUPING.matcher(expression);
    while (grouping.find()) {
      if (grouping.group(1).equals("by") || grouping.group(1).equals("on")) {
        for (String label : grouping.group(2).split(",")) {
          labels.add(label.strip());
        }
      }
    }
    String bare = RANGE.matcher(grouping.replaceAll(" ")).replaceAll(" ");
    Matcher made = FIRST_TEXT.matcher(bare);
    while (made.find()) {
      // count_values makes a label of this name.
      labels.remove(made.group(1));
    }
    return new PromSelectors(selectors(made.replaceAll("(")), labels);
  }

  private static List<Selector> selectors(String bare) {
    List<Selector> found = new ArrayList<>();
    Matcher name = NAME.matcher(bare);
    while (name.find()) {
      boolean call = "(".equals(name.group(2));
      if (call || KEYWORDS.contains(name.group(1))) {
        continue;
      }
      List<String> equal = new ArrayList<>();
      List<String> other = new ArrayList<>();
      Matcher matcher = MATCHER.matcher(name.group(3) == null ? "" : name.group(3));
      while (matcher.find()) {
        if (matcher.group(2).equals("=")) {
          equal.add(matcher.group(1) + "=" + matcher.group(3));
        } else {
          other.add(matcher.group(1));
        }
      }
      found.add(new Selector(name.group(1), List.copyOf(equal), List.copyOf(other)));
    }
    return found;
  }
}
