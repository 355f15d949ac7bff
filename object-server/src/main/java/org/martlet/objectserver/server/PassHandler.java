package org.martlet.objectserver.server;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.martlet.common.device.RejoinRule;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.objectserver.store.StoreFault;

/// `POST /<device>/replication/in-touch`: a pass over the device has ended, by a ring that has it.
///
/// A device that was out of touch for too long stays so until an operator says what is to become of
/// it: it is served as it is, and refused at the next start.
final class PassHandler {
  private final RejoinRule rule;
  private final InstantSource clock;

  PassHandler(RejoinRule rule, InstantSource clock) {
    this.rule = rule;
    this.clock = clock;
  }

  CompletableFuture<Response> inTouch(Device device) {
    return device.lane().call(() -> note(device));
  }

  private Response note(Device device) throws StoreFault {
    Instant now = clock.instant();
    Optional<Instant> last = device.store().lastPass();
    if (last.isPresent() && rule.isStale(last.get(), now)) {
      throw new Refused(
          409,
          "Drive "
              + device.name()
              + " was last in touch at "
              + last.get()
              + ", longer ago than the reclaim age: stop its server and run martlet rejoin-device");
    }
    device.store().passed(now);
    return Response.empty(204, new Headers());
  }
}
