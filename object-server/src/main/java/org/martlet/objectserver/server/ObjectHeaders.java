package org.martlet.objectserver.server;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ObjectHeaderKind;
import org.martlet.objectserver.state.HeaderMap;

/// Which of a request's headers are kept with an object, and what governs them.
///
/// Names are kept in one form (`X-Object-Meta-Color`), so that replicas that were told in different
/// cases hold equal records; values are kept as they were on the wire, one char a byte.
///
/// @param data what stays with the body through a POST
/// @param metadata what a POST replaces
record ObjectHeaders(HeaderMap data, HeaderMap metadata) {
  /// Names and values of one object together, in bytes on the wire.
  static final int MAX_BYTES = 64 * 1024;

  private static final String SYSMETA = "x-object-sysmeta-";
  private static final String OVERRIDE = "x-backend-container-update-override-";

  /// What a PUT keeps.
  ///
  /// @param trailers metadata that came after the body; replaces headers of the same name
  /// @throws Refused 400 if it is too much or not understood
  static ObjectHeaders ofPut(Headers request, Headers trailers, Timestamp now, boolean replicated) {
    Map<String, String> data = new TreeMap<>();
    Map<String, String> metadata = new TreeMap<>();
    collect(request, data, metadata);
    if (!trailers.isEmpty()) {
      Map<String, String> laterData = new TreeMap<>();
      Map<String, String> laterMetadata = new TreeMap<>();
      collect(trailers, laterData, laterMetadata);
      data.putAll(laterData);
      metadata.putAll(laterMetadata);
    }
    return checked(data, metadata, now, replicated);
  }

  /// What a POST replaces.
  ///
  /// @throws Refused 400 if it is too much or not understood
  static HeaderMap ofPost(Headers request, Timestamp now, boolean replicated) {
    Map<String, String> metadata = new TreeMap<>();
    collect(request, new TreeMap<>(), metadata);
    return checked(Map.of(), metadata, now, replicated).metadata;
  }

  private static ObjectHeaders checked(
      Map<String, String> data, Map<String, String> metadata, Timestamp now, boolean replicated) {
    long bytes = 0;
    for (Map<String, String> kept : List.of(data, metadata)) {
      for (Map.Entry<String, String> header : kept.entrySet()) {
        bytes += header.getKey().length() + header.getValue().length();
      }
    }
    if (bytes > MAX_BYTES) {
      throw new Refused(400, "The metadata is larger than " + MAX_BYTES + " bytes");
    }
    checkDeleteAt(metadata, now, replicated);
    return new ObjectHeaders(HeaderMap.of(data), HeaderMap.of(metadata));
  }

  private static void checkDeleteAt(
      Map<String, String> metadata, Timestamp now, boolean replicated) {
    String value = metadata.remove(Expiry.DELETE_AT);
    long seconds = value == null ? 0 : Expiry.parse(Expiry.DELETE_AT, value);
    if (seconds == 0) {
      return;
    }
    if (!replicated && seconds * Timestamp.TICKS_PER_SECOND < now.ticks()) {
      throw new Refused(400, "X-Delete-At in past");
    }
    metadata.put(Expiry.DELETE_AT, Long.toString(seconds));
  }

  private static void collect(
      Headers from, Map<String, String> data, Map<String, String> metadata) {
    Map<String, String> overrides = new TreeMap<>();
    from.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          switch (ObjectHeaderKind.of(lower)) {
            case DATA -> data.merge(canonical(lower), value, (a, b) -> a + "," + b);
            case METADATA -> metadata.merge(canonical(lower), value, (a, b) -> a + "," + b);
            case NONE -> override(lower, value, overrides);
          }
        });
    overrides.forEach(data::putIfAbsent);
  }

  /// What a listing is to show in place of the object's own values is kept as system metadata: a
  /// row may be built again long after the request. System metadata that says it itself wins.
  private static void override(String lower, String value, Map<String, String> to) {
    if (!lower.startsWith(OVERRIDE)) {
      return;
    }
    String what = lower.substring(OVERRIDE.length());
    if (what.equals("etag") || what.equals("size") || what.equals("content-type")) {
      to.put(canonical(SYSMETA + "container-update-override-" + what), value);
    }
  }

  /// Upper case after every character that is no letter, lower case elsewhere: Swift's form.
  static String canonical(String lower) {
    StringBuilder name = new StringBuilder(lower.length());
    boolean start = true;
    for (int i = 0; i < lower.length(); i++) {
      char c = lower.charAt(i);
      boolean letter = c >= 'a' && c <= 'z';
      name.append(letter && start ? (char) (c - 'a' + 'A') : c);
      start = !letter;
    }
    return name.toString();
  }

  /// Adds all that is kept to an answer's headers.
  static void write(HeaderMap kept, Headers to) {
    kept.entries().forEach(to::add);
  }

  /// The first of these stored headers that there is, null for none.
  static @Nullable String firstOf(String commaSeparated, HeaderMap data, HeaderMap metadata) {
    for (String name : commaSeparated.split(",")) {
      String canonical = canonical(name.strip().toLowerCase(Locale.ROOT));
      @Nullable String value = data.get(canonical);
      value = value == null ? metadata.get(canonical) : value;
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
