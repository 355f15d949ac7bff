package org.martlet.containerserver.server;

import java.util.concurrent.CompletionException;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.common.runtime.Failures;
import org.martlet.containerserver.listing.ListingFault;
import org.martlet.containerserver.listing.ListingInfo;

/// Answers that several verbs give.
final class Answers {
  private Answers() {}

  static Refused notFound(Headers headers) {
    return new Refused(404, "The resource could not be found.", headers);
  }

  static Refused conflict(Headers headers) {
    return new Refused(409, "There was a conflict when trying to complete your request.", headers);
  }

  /// A listing: 204 without a body where it is empty text.
  static Response listing(
      ListingFormat format, Headers headers, byte[] body, ListingMemory.Share memory) {
    headers.set("Content-Type", format.contentType());
    return body.length == 0
        ? Response.empty(204, headers)
        : new Response(200, headers, memory.body(body));
  }

  /// The entries that have values, in the usual spelling of header names.
  static void addMetadata(ListingInfo info, Headers headers) {
    info.metadata()
        .forEach(
            (name, value) -> {
              if (!value.value().isEmpty()) {
                headers.set(titleCase(name), value.value());
              }
            });
  }

  /// `x-container-meta-a` becomes `X-Container-Meta-A`.
  static String titleCase(String name) {
    StringBuilder title = new StringBuilder(name);
    for (int i = 0; i < title.length(); i++) {
      char c = title.charAt(i);
      if ((i == 0 || title.charAt(i - 1) == '-') && c >= 'a' && c <= 'z') {
        title.setCharAt(i, (char) (c - 'a' + 'A'));
      }
    }
    return title.toString();
  }

  /// What to say to a failure that the protocol has a word for; anything else is thrown again, for
  /// the transport to log and answer with 500.
  static Response of(Throwable failure, boolean withBody) {
    return switch (Failures.cause(failure)) {
      case Refused refused -> refused.response(withBody);
      case ListingFault fault -> of(fault).response(withBody);
      case HttpFault fault -> Refused.of(fault).response(withBody);
      case Throwable other -> throw new CompletionException(other);
    };
  }

  private static Refused of(ListingFault fault) {
    int status =
        switch (fault.kind()) {
          case BUSY -> 503;
          case FULL, HUNG, OFFLINE -> 507;
        };
    return new Refused(status, "The drive cannot do that now: " + fault.getMessage());
  }
}
