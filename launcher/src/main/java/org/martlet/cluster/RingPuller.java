package org.martlet.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.martlet.common.ring.RingInbox;
import org.martlet.common.ring.RingSeal;
import org.martlet.common.ring.RingWatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches newer rings from the first of several places that answers.
///
/// The seal, a line, is fetched first; the ring only where that names a later version than the one
/// in force. What fails is logged once, not at every look.
///
/// - Threads: one calls [#look]; blocks.
public final class RingPuller {
  private static final Logger LOG = LoggerFactory.getLogger(RingPuller.class);
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final int MAX_SEAL_BYTES = 4096;

  private final List<URI> sources;
  private final RingInbox inbox;
  private final RingSeal seal;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final Map<String, String> complaints = new HashMap<>();

  /// @param sources each ends in a slash
  public RingPuller(List<URI> sources, RingInbox inbox, RingSeal seal) {
    this.sources = List.copyOf(sources);
    this.inbox = inbox;
    this.seal = seal;
  }

  /// Looks for all rings once.
  ///
  /// @return what was taken, and what was not and why, by the ring's name; those that are as they
  ///     were are not in it
  public Map<String, String> look() {
    Map<String, String> news = new TreeMap<>();
    inbox.rings().forEach((name, ring) -> look(name, ring, news));
    return news;
  }

  private void look(String name, RingWatcher ring, Map<String, String> news) {
    StringBuilder faults = new StringBuilder();
    for (URI source : sources) {
      try {
        if (pull(source, name, ring)) {
          news.put(name, "version " + ring.holder().current().version() + " from " + source);
        }
        complaints.remove(name);
        return;
      } catch (IOException | RingInbox.Refused | IllegalArgumentException e) {
        faults
            .append(faults.isEmpty() ? "" : "; ")
            .append(source)
            .append(": ")
            .append(e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    String complaint = faults.toString();
    news.put(name, complaint);
    if (!complaint.equals(complaints.put(name, complaint))) {
      LOG.warn(
          "ring {} is not fetched, version {} stays: {}",
          name,
          ring.holder().current().version(),
          complaint);
    }
  }

  /// @return whether a newer one is in force now
  private boolean pull(URI source, String name, RingWatcher ring)
      throws IOException, InterruptedException, RingInbox.Refused {
    String file = name + ".ring.gz";
    String line =
        new String(fetch(source.resolve(file + ".seal"), MAX_SEAL_BYTES), StandardCharsets.UTF_8)
            .strip();
    if (seal.read(line).version() <= ring.holder().current().version()) {
      return false;
    }
    byte[] content = fetch(source.resolve(file), RingInbox.MAX_FILE_BYTES);
    return inbox.take(name, content, line) == RingInbox.Result.TAKEN;
  }

  private byte[] fetch(URI url, int max) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(url).timeout(ANSWER).build();
    HttpResponse<InputStream> response =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw new IOException("it answers " + response.statusCode() + " for " + url.getPath());
      }
      byte[] content = body.readNBytes(max + 1);
      if (content.length > max) {
        throw new IOException(url.getPath() + " has over " + max + " bytes");
      }
      return content;
    }
  }
}
