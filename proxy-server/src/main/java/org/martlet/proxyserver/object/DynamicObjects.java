package org.martlet.proxyserver.object;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.api.Constraints;
import org.martlet.proxyserver.api.ContainerInfo;
import org.martlet.proxyserver.api.InfoCache;
import org.martlet.proxyserver.api.RequestContext;
import org.martlet.proxyserver.backend.BackendAnswer;
import org.martlet.proxyserver.backend.Cluster;

/// Reads dynamic large objects: an object with `X-Object-Manifest: container/prefix` shows the
/// objects of that prefix, one after the other.
///
/// Length and ETag (the MD5 of the segments' ETags, in quotes) are known only if all segments fit
/// in one listing; ranges need that, and only a single one is honoured.
final class DynamicObjects {
  /// Devices ignore the range where the object has this header.
  static final String IGNORE_RANGE = "X-Backend-Ignore-Range-If-Metadata-Present";

  /// Pages of listings whose JSON is in memory at once.
  private static final int MAX_PARSING = 8;

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  private final Cluster cluster;
  private final InfoCache cache;
  private final ObjectReader reader;
  private final int listingLimit;
  private final Semaphore parsing = new Semaphore(MAX_PARSING, true);

  DynamicObjects(Cluster cluster, InfoCache cache, ObjectReader reader, Constraints constraints) {
    this.cluster = cluster;
    this.cache = cache;
    this.reader = reader;
    this.listingLimit = constraints.containerListingLimit();
  }

  /// Whether the request wants what a manifest stands for, and the answer is a manifest.
  static boolean isManifest(RequestContext request, BackendAnswer answer) {
    return !answer.headers().getOr("X-Object-Manifest", "").isEmpty() && !wantsManifest(request);
  }

  private static boolean wantsManifest(RequestContext request) {
    return request.query().get("multipart-manifest").filter("get"::equals).isPresent();
  }

  /// The request's headers for a first read: a range is one of the large object, not of its
  /// manifest.
  static Headers conditions(RequestContext request) {
    boolean ranged = request.headers().contains("Range") && !wantsManifest(request);
    return ranged
        ? request.headers().copy().set(IGNORE_RANGE, "X-Object-Manifest")
        : request.headers();
  }

  /// What is known of the whole. Of the segments only the first page is kept; the others are listed
  /// again as the content gets there.
  ///
  /// @param pageHashes of the pages' content, to tell that one has changed; empty if not complete
  private record Whole(
      List<Segment> firstPage,
      List<Integer> pageHashes,
      boolean complete,
      long bytes,
      String etag) {}

  /// The large object in place of its manifest.
  ///
  /// @param method GET or HEAD
  /// @param manifest the answer for the manifest itself; its body is discarded
  /// @throws ApiException 401 or 403 if the segments may not be read, 409 if the first one cannot
  BackendAnswer read(RequestContext request, ObjectPath path, String method, BackendAnswer manifest)
      throws InterruptedException {
    Headers client = request.headers();
    if (isDecidedByDates(client, manifest.status())) {
      return manifest;
    }
    manifest.discard();
    String value = manifest.headers().getOr("X-Object-Manifest", "");
    String decoded = PercentCoding.decodeName(value).orElse("");
    int slash = decoded.indexOf('/');
    if (slash <= 0) {
      throw new ApiException(409, "The manifest does not name a container and a prefix.");
    }
    ObjectPath container = ObjectPath.container(path.account(), decoded.substring(0, slash));
    ContainerInfo info = cache.containerInfo(path.account(), decoded.substring(0, slash));
    request.authorize("GET", container, info.readAcl());
    SegmentListing listing =
        new SegmentListing(
            cluster,
            container,
            decoded.substring(slash + 1),
            listingLimit,
            request.transactionId(),
            parsing);
    Whole whole = whole(listing);
    Headers headers = ClientHeaders.of(manifest.headers()).remove("Content-Range").remove("ETag");
    if (whole.complete) {
      headers.set("ETag", whole.etag);
      Optional<Integer> refused = condition(client, whole.etag);
      if (refused.isPresent()) {
        return new BackendAnswer(refused.get(), headers, Body.empty(), Optional.empty());
      }
    }
    ObjectTarget target = new ObjectTarget(container, info.policy(), request.transactionId());
    return answer(request, method, headers, new Parts(listing, target, whole));
  }

  private record Parts(SegmentListing listing, ObjectTarget container, Whole whole) {}

  private BackendAnswer answer(RequestContext request, String method, Headers headers, Parts parts)
      throws InterruptedException {
    Whole whole = parts.whole;
    boolean ranged = whole.complete && request.headers().contains("Range");
    Optional<ContentRange> range =
        ranged ? range(request.headers().getOr("Range", ""), whole.bytes) : Optional.empty();
    if (range.isPresent() && range.get().first() >= whole.bytes) {
      headers.set("Content-Range", "bytes */" + whole.bytes);
      return new BackendAnswer(416, headers, Body.empty(), Optional.empty());
    }
    range.ifPresent(
        r -> headers.set("Content-Range", "bytes " + r.first() + "-" + r.last() + "/" + r.total()));
    long start = range.map(ContentRange::first).orElse(0L);
    long end = range.map(r -> r.last() + 1).orElse(whole.complete ? whole.bytes : Long.MAX_VALUE);
    int status = range.isPresent() ? 206 : 200;
    if (method.equals("HEAD")) {
      if (whole.complete) {
        headers.set("Content-Length", end - start);
      }
      return new BackendAnswer(status, headers, Body.empty(), Optional.empty());
    }
    Timestamp now = Timestamp.of(request.start());
    SegmentReader segments =
        new SegmentReader(
            reader,
            new SegmentPages(parts.listing, whole.firstPage, whole.pageHashes),
            parts.container,
            now,
            start,
            end);
    return new BackendAnswer(
        status, headers, open(segments, whole.complete ? end - start : -1), Optional.empty());
  }

  private static Body open(SegmentReader segments, long length) throws InterruptedException {
    try {
      Optional<Body> first = segments.next();
      return first.isEmpty() ? Body.empty() : new SegmentsBody(length, first.get(), segments);
    } catch (HttpFault e) {
      throw new ApiException(409, "The first segment cannot be read.");
    }
  }

  private Whole whole(SegmentListing listing) throws InterruptedException {
    List<Segment> first = listing.page("");
    List<Integer> hashes = new ArrayList<>();
    MessageDigest md5 = BodyDigest.md5();
    long bytes = 0;
    int count = 0;
    List<Segment> page = first;
    while (true) {
      for (Segment segment : page) {
        md5.update(segment.hash().getBytes(StandardCharsets.ISO_8859_1));
        bytes += segment.bytes();
      }
      hashes.add(page.hashCode());
      count += page.size();
      if (count >= listingLimit) {
        return new Whole(first, List.of(), false, 0, "");
      }
      if (page.size() < listing.limit()) {
        String etag = "\"" + HexFormat.of().formatHex(md5.digest()) + "\"";
        return new Whole(first, List.copyOf(hashes), true, bytes, etag);
      }
      page = listing.page(page.getLast().name());
    }
  }

  /// Whether the manifest's own dates answer the request; its ETag is not the object's.
  private static boolean isDecidedByDates(Headers client, int status) {
    return (status == 304 && !client.contains("If-None-Match"))
        || (status == 412 && !client.contains("If-Match"));
  }

  /// 304 or 412 where the client's conditions on the ETag say so.
  private static Optional<Integer> condition(Headers client, String etag) {
    String match = client.get("If-Match");
    if (match != null && !names(match, etag)) {
      return Optional.of(412);
    }
    String noneMatch = client.get("If-None-Match");
    return noneMatch != null && names(noneMatch, etag) ? Optional.of(304) : Optional.empty();
  }

  private static boolean names(String list, String quotedEtag) {
    String etag = quotedEtag.replace("\"", "");
    for (String entry : list.split(",")) {
      String name = entry.strip().replace("\"", "");
      if (name.equals("*") || name.equals(etag)) {
        return true;
      }
    }
    return false;
  }

  /// The part that a single range means; one that begins at or after the end if it cannot be met;
  /// nothing if it is to be ignored.
  private static Optional<ContentRange> range(String header, long total) {
    Matcher match = RANGE.matcher(header.strip());
    if (!match.matches() || (match.group(1).isEmpty() && match.group(2).isEmpty())) {
      return Optional.empty();
    }
    if (match.group(1).isEmpty()) {
      long suffix = Long.parseLong(match.group(2));
      if (total == 0) {
        return Optional.empty();
      }
      return Optional.of(
          suffix == 0
              ? new ContentRange(total, total, total)
              : new ContentRange(Math.max(0, total - suffix), total - 1, total));
    }
    long first = Long.parseLong(match.group(1));
    long last = match.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(match.group(2));
    return last < first
        ? Optional.empty()
        : Optional.of(new ContentRange(first, Math.min(last, total - 1), total));
  }
}
