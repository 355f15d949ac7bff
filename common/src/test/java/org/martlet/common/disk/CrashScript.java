package org.martlet.common.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntBinaryOperator;

/// A [CrashChoice] that can be named and repeated: it answers the n-th question by a rule.
///
/// [#around] gives the choices worth trying at one crash point, whatever the number of unsynced
/// changes: nothing is kept; everything; everything but one change; nothing but one; the first so
/// many, as if written back in order; the last so many, as if in reverse order.
public final class CrashScript {
  private static final int JUNK_BYTES = 256;
  private static final int MAX_VALUES = 8;

  private final String name;
  private final IntBinaryOperator rule;
  private final boolean junk;

  private CrashScript(String name, IntBinaryOperator rule, boolean junk) {
    this.name = name;
    this.rule = rule;
    this.junk = junk;
  }

  /// @param crash does what the choices are for, without consequences: once, to count them
  public static List<CrashScript> around(Consumer<CrashChoice> crash) {
    List<Integer> bounds = new ArrayList<>();
    crash.accept(recording(bounds));
    List<CrashScript> scripts = new ArrayList<>(extremes());
    for (int question = 0; question < bounds.size(); question++) {
      int asked = question;
      int most = bounds.get(question) - 1;
      for (int value = Math.max(0, most - MAX_VALUES); value < most; value++) {
        int less = value;
        scripts.add(
            new CrashScript(
                "but " + asked + "=" + less, (i, bound) -> i == asked ? less : bound - 1, true));
        scripts.add(
            new CrashScript(
                "only " + asked + "=" + (less + 1),
                (i, bound) -> i == asked ? less + 1 : 0,
                false));
      }
      if (asked > 0 && most > 0) {
        scripts.add(
            new CrashScript("first " + asked, (i, bound) -> i < asked ? bound - 1 : 0, false));
        scripts.add(
            new CrashScript("last from " + asked, (i, bound) -> i < asked ? 0 : bound - 1, true));
      }
    }
    return scripts;
  }

  /// Nothing is kept; everything is.
  public static List<CrashScript> extremes() {
    return List.of(
        new CrashScript("nothing", (i, bound) -> 0, false),
        new CrashScript("everything", (i, bound) -> bound - 1, false));
  }

  private static CrashChoice recording(List<Integer> bounds) {
    return new CrashChoice() {
      @Override
      public int below(int bound) {
        bounds.add(bound);
        return bound - 1;
      }

      @Override
      public boolean junk() {
        return false;
      }
    };
  }

  /// What is kept, in words; the same at every run.
  public String name() {
    return name;
  }

  /// The choice, from its first question on: to be used for one crash.
  public CrashChoice begin() {
    return new CrashChoice() {
      private int asked;
      private int junkBytes;

      @Override
      public int below(int bound) {
        if (junk && bound == JUNK_BYTES) {
          return junkBytes++ * 31 + 7 & 0xff;
        }
        return Math.clamp(rule.applyAsInt(asked++, bound), 0, bound - 1);
      }

      @Override
      public boolean junk() {
        return junk;
      }
    };
  }
}
