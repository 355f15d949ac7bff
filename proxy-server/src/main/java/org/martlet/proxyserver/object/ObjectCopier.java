package org.martlet.proxyserver.object;

import java.util.Locale;
import java.util.Optional;
import org.martlet.common.http.BlockingBody;
import org.martlet.common.http.Chunk;
import org.martlet.common.http.Headers;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.api.Constraints;
import org.martlet.proxyserver.api.ContainerInfo;
import org.martlet.proxyserver.api.ErrorResponses;
import org.martlet.proxyserver.api.InfoCache;
import org.martlet.proxyserver.api.RequestContext;
import org.martlet.proxyserver.api.RequestFlags;
import org.martlet.proxyserver.backend.BackendAnswer;

/// Copies objects within the cluster: COPY, and PUT with X-Copy-From.
///
/// The newest copy of the source is read; range and conditions in the request apply to it. Metadata
/// of the source is kept, what the request says comes on top; with X-Fresh-Metadata only the
/// system's own is kept.
final class ObjectCopier {
  private final InfoCache cache;
  private final Constraints constraints;
  private final ObjectReader reader;
  private final ObjectWriter writer;
  private final DynamicObjects dynamicObjects;

  ObjectCopier(
      InfoCache cache,
      Constraints constraints,
      ObjectReader reader,
      ObjectWriter writer,
      DynamicObjects dynamicObjects) {
    this.cache = cache;
    this.constraints = constraints;
    this.reader = reader;
    this.writer = writer;
    this.dynamicObjects = dynamicObjects;
  }

  /// COPY: the path is the source, the headers name the destination.
  Response copy(RequestContext request) throws InterruptedException {
    String destination = request.headers().getOr("Destination", "");
    if (destination.isEmpty()) {
      throw new ApiException(412, "Destination header required");
    }
    String account = account(request, "Destination-Account");
    ObjectPath to = objectPath(account, destination, "Destination");
    constraints.checkNames(to);
    return copy(request, request.path(), to);
  }

  /// PUT: the path is the destination, the headers name the source.
  Response putFrom(RequestContext request) throws InterruptedException {
    String account = account(request, "X-Copy-From-Account");
    String source = request.headers().getOr("X-Copy-From", "");
    return copy(request, objectPath(account, source, "X-Copy-From"), request.path());
  }

  private Response copy(RequestContext request, ObjectPath from, ObjectPath to)
      throws InterruptedException {
    refuseBody(request);
    ContainerInfo sink = ObjectController.containerOf(cache, to);
    request.authorize("PUT", to, sink.writeAcl());
    ContainerInfo source = ObjectController.containerOf(cache, from);
    request.authorize("GET", from, source.readAcl());
    if (!sink.exists() || !source.exists()) {
      throw new ApiException(404);
    }
    request.concerns(sink.policy());
    constraints.checkMetadata(Constraints.Target.OBJECT, request.headers());
    BackendAnswer original =
        reader.read(
            new ObjectTarget(from, source.policy(), request.transactionId()),
            "GET",
            DynamicObjects.conditions(request),
            true,
            Timestamp.of(request.start()));
    if (DynamicObjects.isManifest(request, original)) {
      original = dynamicObjects.read(request, from, "GET", original);
    }
    try {
      return write(
          request, from, new ObjectTarget(to, sink.policy(), request.transactionId()), original);
    } finally {
      original.body().close();
    }
  }

  private Response write(
      RequestContext request, ObjectPath from, ObjectTarget to, BackendAnswer original)
      throws InterruptedException {
    if (!original.isSuccess()) {
      original.discard();
      return ErrorResponses.of(original.status());
    }
    if (original.body().length() < 0
        || original.body().length() > constraints.maxFileSize().bytes()) {
      throw new ApiException(413);
    }
    Headers kept = kept(request, to, original.headers());
    boolean isManifest = original.headers().contains("X-Object-Manifest");
    if (isManifest && !DynamicObjects.isManifest(request, original)) {
      kept.setIfAbsent("X-Object-Manifest", original.headers().getOr("X-Object-Manifest", ""));
    }
    constraints.checkMetadata(Constraints.Target.OBJECT, kept);
    Optional<String> etag =
        original.status() == 200 && !isManifest
            ? ObjectController.etag(original.headers())
            : Optional.empty();
    ObjectWriter.NewObject wanted = new ObjectWriter.NewObject(to, kept, etag, false);
    return ObjectController.created(
        store(wanted, original), answerHeaders(from, original.headers(), kept));
  }

  /// A source that breaks off is our failure, not the client's.
  private ObjectWriter.Stored store(ObjectWriter.NewObject wanted, BackendAnswer original)
      throws InterruptedException {
    try {
      return writer.put(wanted, new CopySource(original.body()));
    } catch (ApiException e) {
      boolean ofSource = e.status() == 499 || e.status() == 408 || e.status() == 422;
      throw ofSource ? new ApiException(503) : e;
    }
  }

  private static Headers kept(RequestContext request, ObjectTarget to, Headers source) {
    boolean fresh = RequestFlags.isTrue(request.headers(), "X-Fresh-Metadata");
    Headers kept = new Headers();
    source.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          boolean system = lower.startsWith("x-object-sysmeta-");
          boolean users =
              lower.startsWith("x-object-meta-")
                  || lower.startsWith("x-object-transient-sysmeta-")
                  || lower.equals("x-delete-at");
          if (system || (users && !fresh)) {
            kept.set(name, value);
          }
        });
    Headers given = request.headers();
    if (given.getOr("Content-Type", "").isEmpty() && source.contains("Content-Type")) {
      kept.set("Content-Type", source.getOr("Content-Type", ContentTypes.UNKNOWN));
    }
    String name = ObjectController.name(to.path());
    Headers asked =
        kept.contains("Content-Type") && !RequestFlags.isTrue(given, "X-Detect-Content-Type")
            ? StoredHeaders.ofPost(given, request.start())
            : StoredHeaders.ofPut(given, name, request.start());
    asked.forEach(kept::set);
    return kept;
  }

  private static Headers answerHeaders(ObjectPath from, Headers source, Headers kept) {
    Headers headers =
        Headers.of(
            "X-Copied-From-Account", PercentCoding.encodePath(from.account()),
            "X-Copied-From",
                PercentCoding.encodePath(from.container() + "/" + ObjectController.name(from)));
    String modified = source.get("Last-Modified");
    if (modified != null) {
      headers.set("X-Copied-From-Last-Modified", modified);
    }
    kept.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (lower.startsWith("x-object-meta-") || lower.equals("x-delete-at")) {
            headers.set(name, value);
          }
        });
    return headers;
  }

  private static void refuseBody(RequestContext request) throws InterruptedException {
    long length = request.body().length();
    boolean chunked = length < 0;
    if (chunked) {
      Chunk chunk = ObjectWriter.read(new BlockingBody(request.body()));
      length = chunk.size();
      chunk.release();
    }
    if (length > 0) {
      throw ApiException.badRequest("Copy requests require a zero byte body");
    }
  }

  private static String account(RequestContext request, String header) {
    String encoded = request.headers().getOr(header, "");
    if (encoded.isEmpty()) {
      return request.path().account();
    }
    String account = PercentCoding.decodeName(encoded).orElse("");
    if (account.isEmpty() || account.indexOf('/') >= 0) {
      throw new ApiException(412, "Account name cannot contain slashes");
    }
    return account;
  }

  private static ObjectPath objectPath(String account, String encoded, String header) {
    String name = PercentCoding.decodeName(encoded).orElse("");
    String path = name.startsWith("/") ? name.substring(1) : name;
    int slash = path.indexOf('/');
    if (slash <= 0 || slash + 1 == path.length()) {
      throw new ApiException(
          412, header + " header must be of the form <container name>/<object name>");
    }
    return ObjectPath.object(account, path.substring(0, slash), path.substring(slash + 1));
  }
}
