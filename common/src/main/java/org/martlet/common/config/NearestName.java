package org.martlet.common.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// What somebody may have meant by a name that does not exist.
final class NearestName {
  private NearestName() {}

  /// The nearest of the names, if it is near: at most a third of the letters differ (two at least).
  static Optional<String> of(String name, Collection<String> names) {
    int limit = Math.max(2, name.length() / 3);
    return names.stream()
        .filter(other -> distance(name, other) <= limit)
        .min(
            Comparator.comparingInt((String other) -> distance(name, other)).thenComparing(n -> n));
  }

  /// Levenshtein's: letters to insert, delete or replace.
  static int distance(String a, String b) {
    int[] before = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(before[j], row[j - 1]));
      }
      before = row;
    }
    return before[b.length()];
  }
}
