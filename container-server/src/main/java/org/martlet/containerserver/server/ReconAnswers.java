package org.martlet.containerserver.server;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Request;
import org.martlet.common.http.Response;
import tools.jackson.core.JsonGenerator;

/// What anybody may ask without a signature: `/healthcheck` and read-only `/recon/…`.
final class ReconAnswers {
  private final String version;
  private final Map<String, ListingDevice> devices;

  ReconAnswers(String version, Map<String, ListingDevice> devices) {
    this.version = version;
    this.devices = devices;
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
          case "/recon/devices" -> PeerAnswers.json(this::devices);
          default -> Response.text(404, "No such report\n");
        };
    return request.method().equals("HEAD")
        ? Response.empty(response.status(), response.headers())
        : response;
  }

  private void devices(JsonGenerator out) {
    for (ListingDevice device : devices.values()) {
      out.writeObjectPropertyStart(device.name());
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
      out.writeEndObject();
    }
  }
}
