package org.martlet.proxyserver.object;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpDate;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.runtime.TimestampSource;
import org.martlet.proxyserver.api.ApiException;
import org.martlet.proxyserver.api.Constraints;
import org.martlet.proxyserver.api.ContainerInfo;
import org.martlet.proxyserver.api.Controller;
import org.martlet.proxyserver.api.ErrorResponses;
import org.martlet.proxyserver.api.InfoCache;
import org.martlet.proxyserver.api.RequestContext;
import org.martlet.proxyserver.api.RequestFlags;
import org.martlet.proxyserver.backend.BackendAnswer;
import org.martlet.proxyserver.backend.Cluster;
import org.martlet.proxyserver.backend.Hedging;

/// Answers requests to objects.
public final class ObjectController implements Controller {
  private static final Set<String> METHODS = Set.of("GET", "HEAD", "PUT", "POST", "DELETE", "COPY");

  private final InfoCache cache;
  private final Constraints constraints;
  private final Hedging hedging;
  private final ObjectReader reader;
  private final ObjectWriter writer;
  private final DynamicObjects dynamicObjects;
  private final ObjectCopier copier;

  /// @param timestamps the only source of them in this process
  public ObjectController(
      Cluster cluster,
      InfoCache cache,
      Constraints constraints,
      TimestampSource timestamps,
      ObjectConfig config) {
    this.cache = cache;
    this.constraints = constraints;
    this.hedging = new Hedging(config.hedgeMin(), config.hedgeMax());
    this.reader = new ObjectReader(cluster, hedging);
    this.writer = new ObjectWriter(cluster, timestamps, config, constraints.maxFileSize());
    this.dynamicObjects = new DynamicObjects(cluster, cache, reader, constraints);
    this.copier = new ObjectCopier(cache, constraints, reader, writer, dynamicObjects);
  }

  /// When reads of objects ask one more device.
  public Hedging hedging() {
    return hedging;
  }

  @Override
  public Set<String> methods() {
    return METHODS;
  }

  /// All: who may do it is in the container's ACL.
  @Override
  public Set<String> authorizesItself() {
    return METHODS;
  }

  @Override
  public Response handle(RequestContext request) throws IOException, InterruptedException {
    return switch (request.method()) {
      case "PUT" ->
          request.headers().getOr("X-Copy-From", "").isEmpty()
              ? put(request)
              : copier.putFrom(request);
      case "COPY" -> copier.copy(request);
      case "POST" -> post(request);
      case "DELETE" -> delete(request);
      default -> read(request);
    };
  }

  private Response read(RequestContext request) throws InterruptedException {
    ContainerInfo container = container(request);
    request.authorize(container.readAcl());
    ObjectTarget target = target(request, container);
    BackendAnswer answer =
        reader.read(
            target,
            request.method(),
            DynamicObjects.conditions(request),
            RequestFlags.isTrue(request.headers(), "X-Newest"),
            Timestamp.of(request.start()));
    if (DynamicObjects.isManifest(request, answer)) {
      answer = dynamicObjects.read(request, request.path(), request.method(), answer);
    }
    return forClient(request, answer);
  }

  private static Response forClient(RequestContext request, BackendAnswer answer) {
    if (answer.status() == 404 && request.headers().getOr("If-Match", "").strip().equals("*")) {
      answer.discard();
      return ErrorResponses.of(412);
    }
    boolean refused = answer.status() >= 400;
    if (refused && answer.status() != 412 && answer.status() != 416) {
      answer.discard();
      return ErrorResponses.of(answer.status());
    }
    Headers headers = ClientHeaders.of(answer.headers());
    if (refused || answer.status() == 304) {
      answer.discard();
      Response text = ErrorResponses.of(answer.status());
      text.headers().forEach(headers::set);
      return new Response(answer.status(), headers, text.body());
    }
    if (request.method().equals("HEAD")) {
      answer.discard();
      String length = answer.headers().get("Content-Length");
      if (length == null) {
        return new Response(answer.status(), headers, Body.ofUnknownLength());
      }
      headers.set("Content-Length", length);
      return new Response(answer.status(), headers, Body.empty());
    }
    return new Response(answer.status(), headers, answer.body());
  }

  private Response put(RequestContext request) throws InterruptedException {
    ContainerInfo container = container(request);
    request.authorize(container.writeAcl());
    ObjectTarget target = target(request, container);
    Headers headers = request.headers();
    checkLength(headers);
    constraints.checkMetadata(Constraints.Target.OBJECT, headers);
    refuseManifests(request);
    boolean creationOnly = isCreationOnly(headers);
    Headers kept = StoredHeaders.ofPut(headers, name(request.path()), request.start());
    ObjectWriter.NewObject wanted =
        new ObjectWriter.NewObject(target, kept, etag(headers), creationOnly);
    return created(writer.put(wanted, request.body()), new Headers());
  }

  /// 201 and what was stored.
  static Response created(ObjectWriter.Stored stored, Headers headers) {
    headers
        .set("ETag", stored.etag())
        .set("Last-Modified", HttpDate.format(stored.at().secondsRoundedUp()))
        .set("Content-Type", "text/html; charset=UTF-8");
    return Response.empty(201, headers);
  }

  private static void checkLength(Headers headers) {
    if (!headers.contains("Content-Length") && !headers.contains("Transfer-Encoding")) {
      throw new ApiException(411, "Missing Content-Length header.");
    }
  }

  /// A client that asks for a large object's manifest to be stored must not believe that it was.
  private static void refuseManifests(RequestContext request) {
    if (request.query().get("multipart-manifest").filter("put"::equals).isPresent()) {
      throw new ApiException(501, "Static large objects are not supported.");
    }
  }

  static boolean isCreationOnly(Headers headers) {
    String condition = headers.get("If-None-Match");
    if (condition == null) {
      return false;
    }
    if (!condition.strip().equals("*")) {
      throw ApiException.badRequest("If-None-Match only supports *");
    }
    return true;
  }

  /// The MD5 that a client announces, with or without quotes.
  static Optional<String> etag(Headers headers) {
    String etag = headers.getOr("ETag", "").strip();
    if (etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"")) {
      etag = etag.substring(1, etag.length() - 1);
    }
    return etag.isEmpty() ? Optional.empty() : Optional.of(etag.toLowerCase(Locale.ROOT));
  }

  private Response post(RequestContext request) throws InterruptedException {
    ContainerInfo container = container(request);
    request.authorize(container.writeAcl());
    ObjectTarget target = target(request, container);
    constraints.checkMetadata(Constraints.Target.OBJECT, request.headers());
    Headers kept = StoredHeaders.ofPost(request.headers(), request.start());
    return ErrorResponses.of(writer.post(target, kept));
  }

  private Response delete(RequestContext request) throws InterruptedException {
    ContainerInfo container = container(request);
    request.authorize(container.writeAcl());
    if (request.query().get("multipart-manifest").filter("delete"::equals).isPresent()) {
      return NoManifest.answer(request.headers().getOr("Accept", ""));
    }
    ObjectTarget target = target(request, container);
    return ErrorResponses.of(writer.delete(target));
  }

  private ContainerInfo container(RequestContext request) {
    return containerOf(cache, request.path());
  }

  static ContainerInfo containerOf(InfoCache cache, ObjectPath object) {
    String container = object.container();
    if (container == null) {
      throw new IllegalArgumentException("not an object: " + object);
    }
    return cache.containerInfo(object.account(), container);
  }

  private static ObjectTarget target(RequestContext request, ContainerInfo container) {
    if (!container.exists()) {
      throw new ApiException(404);
    }
    request.concerns(container.policy());
    return new ObjectTarget(request.path(), container.policy(), request.transactionId());
  }

  static String name(ObjectPath path) {
    String object = path.object();
    return object == null ? "" : object;
  }
}
