package org.martlet.containerserver.server;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import org.martlet.containerserver.listing.ListingKind;
import tools.jackson.core.JsonGenerator;

/// What anybody may ask without a signature: `/healthcheck` and read-only `/recon/…`, as far as
/// only this service knows it.
final class ReconAnswers {
  private static final double NANOS = 1e9;

  /// Swift's tool takes 0 for nothing said.
  private static final double LEAST_SECONDS = 1e-6;

  private final ListingKind kind;
  private final String version;
  private final Map<String, ListingDevice> devices;
  private final Supplier<Optional<Duration>> lastSweep;

  /// @param lastSweep how long the last report to accounts took
  ReconAnswers(
      ListingKind kind,
      String version,
      Map<String, ListingDevice> devices,
      Supplier<Optional<Duration>> lastSweep) {
    this.kind = kind;
    this.version = version;
    this.devices = devices;
    this.lastSweep = lastSweep;
  }

  /// `container-server/1.2`, by which Swift's tools tell services.
  String server() {
    return kind.service() + "-server/" + version;
  }

  /// Null if the request asks for something else.
  @Nullable Response answer(Request request) {
    String path = request.rawPath();
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    if (!reads || !(path.equals("/healthcheck") || path.startsWith("/recon/"))) {
      return null;
    }
    Response response =
        switch (path) {
          case "/healthcheck" -> Response.text(200, "OK");
          case "/recon/version" ->
              PeerAnswers.json(out -> out.writeStringProperty("version", version));
          case "/recon/quarantined" -> PeerAnswers.json(this::quarantined);
          case "/recon/driveaudit" ->
              PeerAnswers.json(out -> out.writeNumberProperty("drive_audit_errors", failed()));
          case "/recon/updater/container" -> PeerAnswers.json(this::updater);
          case "/recon/martlet/devices" -> PeerAnswers.json(this::devices);
          default -> path.equals("/recon/auditor/" + kind.service()) ? audits() : unknown();
        };
    return request.method().equals("HEAD")
        ? Response.empty(response.status(), response.headers())
        : response;
  }

  private static Response unknown() {
    return Response.text(404, "No such report\n");
  }

  /// A database that is corrupt was moved aside whole, with containers and accounts: it counts as
  /// one of either.
  private void quarantined(JsonGenerator out) {
    int aside = devices.values().stream().mapToInt(ListingDevice::movedAside).sum();
    out.writeNumberProperty("objects", 0);
    out.writeNumberProperty("containers", aside);
    out.writeNumberProperty("accounts", aside);
    out.writeObjectPropertyStart("policies");
    out.writeEndObject();
  }

  private long failed() {
    return devices.values().stream()
        .filter(
            device ->
                switch (device.state()) {
                  case DeviceState.Opening opening -> false;
                  case DeviceState.Refused refused -> true;
                  case DeviceState.Offline offline -> true;
                  case DeviceState.Online online -> online.store().unavailable() != null;
                })
        .count();
  }

  private void updater(JsonGenerator out) {
    Optional<Duration> sweep = lastSweep.get();
    if (sweep.isPresent()) {
      out.writeNumberProperty(
          "container_updater_sweep", Math.max(LEAST_SECONDS, sweep.get().toNanos() / NANOS));
    } else {
      out.writeNullProperty("container_updater_sweep");
    }
  }

  /// Listings have no audit of their own: the database verifies every block that it reads, and
  /// replicas compare digests of all rows.
  private Response audits() {
    return PeerAnswers.json(
        out -> {
          out.writeNullProperty(kind.service() + "_audits_passed");
          out.writeNullProperty(kind.service() + "_auditor_pass_completed");
          out.writeNullProperty(kind.service() + "_audits_since");
          out.writeNullProperty(kind.service() + "_audits_failed");
        });
  }

  private void devices(JsonGenerator out) {
    out.writeArrayPropertyStart("devices");
    for (ListingDevice device : devices.values()) {
      out.writeStartObject();
      out.writeStringProperty("device", device.name());
      switch (device.state()) {
        case DeviceState.Opening opening -> out.writeStringProperty("state", "opening");
        case DeviceState.Refused refused -> {
          out.writeStringProperty("state", "refused");
          out.writeStringProperty("reason", refused.reason());
        }
        case DeviceState.Offline offline -> {
          out.writeStringProperty("state", "offline");
          out.writeStringProperty("reason", offline.reason());
        }
        case DeviceState.Online online ->
            out.writeStringProperty(
                "state", online.store().unavailable() == null ? "online" : "unavailable");
      }
      out.writeNumberProperty("waiting", device.lane().depth());
      out.writeNumberProperty("moved_aside", device.movedAside());
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
