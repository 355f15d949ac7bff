package org.martlet.containerserver.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.protocol.ContainerStat;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.protocol.UpdateBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What batches of updates must keep to beyond their form, and their answer.
final class BatchChecks {
  private static final Logger log = LoggerFactory.getLogger(BatchChecks.class);

  /// Longer names cannot come from a proxy; this bounds keys.
  private static final int MAX_NAME_BYTES = 4096;

  private static final int MAX_TEXT_CHARS = 8192;

  private BatchChecks() {}

  /// @throws IllegalArgumentException if the row cannot be stored
  static void check(ObjectPath container, ListingRow row) {
    checkName(container.account());
    checkName(String.valueOf(container.container()));
    checkName(row.name());
    checkText(row.etag());
    checkText(row.contentType());
  }

  /// @throws IllegalArgumentException if the statistics cannot be stored
  static void check(ObjectPath account, ContainerStat stat) {
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

  /// The answer to a batch: 201 for each update that is stored, 404 for each whose listing is not
  /// here, 400 for each that was left out because it cannot be stored.
  ///
  /// @param good whether an update of the batch was taken, in order
  /// @param known whether there is a listing for each that was taken
  static Response results(List<Boolean> good, List<Boolean> known) {
    List<Integer> statuses = new ArrayList<>(good.size());
    Iterator<Boolean> found = known.iterator();
    for (boolean taken : good) {
      statuses.add(!taken ? 400 : found.next() ? 201 : 404);
    }
    return new Response(
        200,
        Headers.of("Content-Type", ListingFormat.JSON.contentType()),
        Body.of(UpdateBatch.encodeResults(statuses)));
  }

  /// Whether a check passes; what is wrong is logged.
  static boolean passes(ObjectPath listing, Runnable check) {
    try {
      check.run();
      return true;
    } catch (IllegalArgumentException e) {
      log.warn("an update of {} cannot be stored: {}", listing, e.getMessage());
      return false;
    }
  }
}
