package org.martlet.containerserver.server;

import org.martlet.common.protocol.ListingRow;

/// Size and content type as a listing shows them: the parameter `swift_bytes` of a large object's
/// content type is its real size and is not shown itself.
record ListedSize(long bytes, String contentType) {
  private static final String PARAMETER = "swift_bytes=";

  static ListedSize of(ListingRow row) {
    String type = row.contentType();
    int semicolon = type.lastIndexOf(';');
    if (semicolon < 0) {
      return new ListedSize(row.size(), type);
    }
    String parameter = type.substring(semicolon + 1).strip();
    if (!parameter.startsWith(PARAMETER)) {
      return new ListedSize(row.size(), type);
    }
    String value = parameter.substring(PARAMETER.length());
    return new ListedSize(number(value, row.size()), type.substring(0, semicolon));
  }

  private static long number(String text, long otherwise) {
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits && text.length() <= 18 ? Long.parseLong(text) : otherwise;
  }
}
