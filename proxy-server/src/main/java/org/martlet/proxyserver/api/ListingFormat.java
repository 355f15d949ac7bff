package org.martlet.proxyserver.api;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// In what form a listing is sent.
public enum ListingFormat {
  TEXT("text/plain"),
  JSON("application/json"),
  XML("application/xml"),
  TEXT_XML("text/xml");

  private final String mediaType;

  ListingFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  String contentType() {
    return mediaType + "; charset=utf-8";
  }

  /// What a request wants: by `format`, else by `Accept`, else text.
  ///
  /// @throws ApiException 406 if nothing that it accepts is here, 400 if `Accept` makes no sense
  static ListingFormat of(RequestContext request) {
    Optional<String> format = request.query().get("format");
    if (format.isPresent() && !format.get().isEmpty()) {
      return switch (format.get().toLowerCase(Locale.ROOT)) {
        case "json" -> JSON;
        case "xml" -> XML;
        default -> TEXT;
      };
    }
    String accept = String.join(",", request.headers().all("Accept"));
    List<String> offered = Arrays.stream(values()).map(value -> value.mediaType).toList();
    return AcceptHeader.parse(accept)
        .best(offered)
        .map(offered::indexOf)
        .map(index -> values()[index])
        .orElseThrow(() -> new ApiException(406));
  }
}
