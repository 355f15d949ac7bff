package org.martlet.containerserver.listing;

import java.nio.charset.StandardCharsets;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.protocol.ContainerStat;
import org.martlet.common.protocol.ListingRow;

/// What entries of updates must keep to beyond their form.
public final class EntryChecks {
  /// Longer names cannot come from a proxy; this bounds keys.
  private static final int MAX_NAME_BYTES = 4096;

  private static final int MAX_TEXT_CHARS = 8192;

  private EntryChecks() {}

  /// @throws IllegalArgumentException if the row cannot be stored
  public static void check(ObjectPath container, ListingRow row) {
    checkName(container.account());
    checkName(String.valueOf(container.container()));
    checkName(row.name());
    checkText(row.etag());
    checkText(row.contentType());
  }

  /// @throws IllegalArgumentException if the statistics cannot be stored
  public static void check(ObjectPath account, ContainerStat stat) {
    checkName(account.account());
    checkName(stat.name());
    if (stat.name().indexOf('/') >= 0) {
      throw new IllegalArgumentException("a container's name holds a slash");
    }
    boolean negative =
        stat.usage().entrySet().stream()
            .anyMatch(
                entry ->
                    entry.getKey() < 0
                        || entry.getValue().objects() < 0
                        || entry.getValue().bytes() < 0);
    if (negative) {
      throw new IllegalArgumentException("a count is negative");
    }
  }

  /// @throws IllegalArgumentException if the listing's own state cannot be stored
  static void check(ListingInfo info) {
    checkName(info.path().account());
    String container = info.path().container();
    if (container != null) {
      checkName(container);
    }
    info.metadata()
        .forEach(
            (name, value) -> {
              checkText(name);
              checkText(value.value());
            });
  }

  private static void checkName(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a name is empty");
    }
    checkText(name);
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
      throw new IllegalArgumentException("a name is too long");
    }
  }

  /// Half a surrogate pair has no form in UTF-8: two names would become one.
  private static void checkText(String text) {
    if (text.length() > MAX_TEXT_CHARS) {
      throw new IllegalArgumentException("a text is too long");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new IllegalArgumentException("a text is not valid Unicode");
      }
    }
  }
}
