package org.martlet.common.http;

import java.util.Locale;
import java.util.Set;

/// A request's target as it may stand in a log: nothing in it ends a line or a quoted field, and
/// signatures, tokens and keys in its query are not shown.
public final class LoggedTarget {
  private static final String PRINTABLE = "!#$%&'()*+,/:;<=>?@[]^`{|}";

  private static final Set<String> SECRET =
      Set.of(
          "temp_url_sig",
          "swiftinfo_sig",
          "signature",
          "x-amz-signature",
          "x-amz-security-token",
          "x-auth-token",
          "x-auth-key",
          "token",
          "key",
          "password");

  private LoggedTarget() {}

  /// @param target a path with or without a query, or a whole URL, as it came
  public static String of(String target) {
    String visible = visible(target);
    int question = visible.indexOf('?');
    if (question < 0) {
      return visible;
    }
    StringBuilder shown = new StringBuilder(visible.length());
    shown.append(visible, 0, question + 1);
    int from = question + 1;
    while (from <= visible.length()) {
      int end = visible.indexOf('&', from);
      int to = end < 0 ? visible.length() : end;
      appendParameter(shown, visible.substring(from, to));
      if (end >= 0) {
        shown.append('&');
      }
      from = to + 1;
    }
    return shown.toString();
  }

  private static void appendParameter(StringBuilder shown, String parameter) {
    int equals = parameter.indexOf('=');
    String name = equals < 0 ? parameter : parameter.substring(0, equals);
    String plain = PercentCoding.decodeLeniently(name).strip().toLowerCase(Locale.ROOT);
    if (equals < 0 || !SECRET.contains(plain)) {
      shown.append(parameter);
    } else {
      shown.append(name).append("=...");
    }
  }

  private static String visible(String target) {
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '"' || c == '\\') {
        return PercentCoding.encodeLatin1(target, PRINTABLE);
      }
    }
    return target;
  }
}
