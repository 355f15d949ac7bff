package org.martlet.cluster;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.martlet.common.config.ConfigTable;

/// Where a server fetches newer rings by itself.
///
/// @param urls each with the files `<name>.ring.gz` and `<name>.ring.gz.seal` below it: `/rings` of
///     a storage server, or any web server's directory; none for not at all
/// @param interval between two looks
public record RingSources(List<URI> urls, Duration interval) {
  private static final RingSources DEFAULT = new RingSources(List.of(), Duration.ofSeconds(15));

  public RingSources {
    urls = List.copyOf(urls);
    if (!interval.isPositive()) {
      throw new IllegalArgumentException("ring_poll is not positive");
    }
  }

  static RingSources read(ConfigTable table) {
    return new RingSources(
        table.texts("ring_sources", List.of()).stream().map(RingSources::url).toList(),
        table.duration("ring_poll", DEFAULT.interval));
  }

  /// @throws IllegalArgumentException if it is not an address to fetch from
  public static URI url(String text) {
    URI url = URI.create(text.endsWith("/") ? text : text + "/");
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!http || url.getHost() == null || url.getQuery() != null) {
      throw new IllegalArgumentException(
          "not an address like http://10.0.0.1:6200/rings to fetch rings from: " + text);
    }
    return url;
  }
}
