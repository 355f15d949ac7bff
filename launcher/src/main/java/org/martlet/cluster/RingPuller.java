package org.martlet.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.martlet.common.ring.RingInbox;
import org.martlet.common.ring.RingSeal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches newer rings from whichever of several places has the newest.
///
/// The seals, a line each, are fetched from all places at once; a ring only where one names a later
/// version than the one in force, and from the next place where that fails. What fails is logged
/// once, not at every look. No place is waited for longer than a fixed time, whether it does not
/// answer or stops in the middle of an answer.
///
/// - Threads: one calls [#look]; blocks.
public final class RingPuller {
  private static final Logger LOG = LoggerFactory.getLogger(RingPuller.class);
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int MAX_SEAL_BYTES = 4096;
  private static final long NO_VERSION = -1;

  private final List<URI> sources;
  private final Supplier<Map<String, Long>> inForce;
  private final Taker taker;
  private final RingSeal seal;
  private final Patience patience;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final Map<String, String> complaints = new HashMap<>();

  /// How long an answer may take to its last byte.
  record Patience(Duration seal, Duration ring) {
    static final Patience DEFAULT = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(60));
  }

  /// Where a ring goes that was fetched.
  private interface Taker {
    void take(String name, byte[] content, String line) throws RingInbox.Refused, IOException;
  }

  /// What became of a ring.
  public enum Result {
    /// A newer one is in force.
    TAKEN,
    /// No place has a newer one.
    SAME,
    /// No place answered as it should, or a newer ring was not taken.
    FAILED
  }

  /// @param words which version from where, or why not
  public record Look(Result result, String words) {}

  /// @param sources each ends in a slash
  public RingPuller(List<URI> sources, RingInbox inbox, RingSeal seal) {
    this(sources, inbox, seal, Patience.DEFAULT);
  }

  RingPuller(List<URI> sources, RingInbox inbox, RingSeal seal, Patience patience) {
    this(sources, () -> versions(inbox), inbox::take, seal, patience);
  }

  private RingPuller(
      List<URI> sources,
      Supplier<Map<String, Long>> inForce,
      Taker taker,
      RingSeal seal,
      Patience patience) {
    this.sources = List.copyOf(sources);
    this.inForce = inForce;
    this.taker = taker;
    this.seal = seal;
    this.patience = patience;
  }

  /// For rings that are missing here, or cannot be read.
  ///
  /// @param files where they are to be, by name
  public static RingPuller ofFirst(List<URI> sources, Map<String, Path> files, RingSeal seal) {
    Map<String, Long> none = new TreeMap<>();
    files.keySet().forEach(name -> none.put(name, NO_VERSION));
    return new RingPuller(
        sources,
        () -> none,
        (name, content, line) ->
            RingInbox.takeFirst(Objects.requireNonNull(files.get(name), name), content, line, seal),
        seal,
        Patience.DEFAULT);
  }

  private static Map<String, Long> versions(RingInbox inbox) {
    Map<String, Long> versions = new TreeMap<>();
    inbox.rings().forEach((name, ring) -> versions.put(name, ring.loaded().ring().version()));
    return versions;
  }

  /// Looks for all rings once, by the ring's name. Where the thread is interrupted, the rest is
  /// left out.
  public Map<String, Look> look() {
    Map<String, Look> looks = new TreeMap<>();
    try {
      for (Map.Entry<String, Long> ring : inForce.get().entrySet()) {
        String name = ring.getKey();
        long version = ring.getValue();
        Look look = new Search(name, version).run();
        looks.put(name, look);
        complain(name, version, look);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return looks;
  }

  private void complain(String name, long version, Look look) {
    if (look.result() != Result.FAILED) {
      complaints.remove(name);
    } else if (!look.words().equals(complaints.put(name, look.words()))) {
      LOG.warn("ring {} is not fetched, version {} stays: {}", name, version, look.words());
    }
  }

  /// One look for one ring.
  private final class Search {
    private final String name;
    private final String file;
    private final long inForce;
    private final List<Offer> offers = new ArrayList<>();
    private final List<String> notNewer = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    private record Offer(URI source, String line, long version) {}

    Search(String name, long inForce) {
      this.name = name;
      this.file = name + ".ring.gz";
      this.inForce = inForce;
    }

    Look run() throws InterruptedException {
      askForSeals();
      offers.sort(Comparator.comparingLong(Offer::version).reversed());
      for (Offer offer : offers) {
        try {
          URI url = offer.source().resolve(file);
          byte[] content = await(url, ask(url, RingInbox.MAX_FILE_BYTES), patience.ring());
          taker.take(name, content, offer.line());
          return new Look(Result.TAKEN, "version " + offer.version() + " from " + offer.source());
        } catch (IOException | RingInbox.Refused e) {
          faults.add(offer.source() + ": " + e.getMessage());
        }
      }
      if (!offers.isEmpty() || notNewer.isEmpty()) {
        return new Look(Result.FAILED, String.join("; ", faults));
      }
      faults.addFirst("not newer at " + String.join(", ", notNewer));
      return new Look(Result.SAME, String.join("; ", faults));
    }

    private void askForSeals() throws InterruptedException {
      Map<URI, CompletableFuture<HttpResponse<byte[]>>> asked = new LinkedHashMap<>();
      sources.forEach(
          source -> asked.put(source, ask(source.resolve(file + ".seal"), MAX_SEAL_BYTES)));
      for (URI source : asked.keySet()) {
        try {
          URI url = source.resolve(file + ".seal");
          byte[] answer = await(url, asked.get(source), patience.seal());
          String line = new String(answer, StandardCharsets.UTF_8).strip();
          RingSeal.Sealed sealed = seal.read(line);
          if (!sealed.name().equals(name)) {
            faults.add(source + ": its seal is of the ring " + sealed.name());
          } else if (sealed.version() > inForce) {
            offers.add(new Offer(source, line, sealed.version()));
          } else {
            notNewer.add(source.toString());
          }
        } catch (IOException | IllegalArgumentException e) {
          faults.add(source + ": " + e.getMessage());
        }
      }
    }
  }

  private CompletableFuture<HttpResponse<byte[]>> ask(URI url, int max) {
    return client.sendAsync(
        HttpRequest.newBuilder(url).build(),
        HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), max));
  }

  /// Waits for a whole answer; who takes longer is hung up on.
  private static byte[] await(
      URI url, CompletableFuture<HttpResponse<byte[]>> asked, Duration patience)
      throws IOException, InterruptedException {
    try {
      HttpResponse<byte[]> response = asked.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException("it answers " + response.statusCode() + " for " + url.getPath());
      }
      return response.body();
    } catch (TimeoutException e) {
      asked.cancel(true);
      throw new IOException(
          url.getPath() + " did not come within " + patience.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String why =
          cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      throw new IOException(url.getPath() + ": " + why, e);
    } catch (InterruptedException e) {
      asked.cancel(true);
      throw e;
    }
  }
}
