package org.martlet.objectserver.server;

import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.runtime.Failures;
import org.martlet.common.runtime.FatalErrors;
import org.martlet.objectserver.state.ObjectClocks;
import org.martlet.objectserver.store.MutationOutcome;
import org.martlet.objectserver.store.StoreFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers that several verbs give.
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private Answers() {}

  static Headers stored(Timestamp newest) {
    return Headers.of(BackendHeaders.STORED_TIMESTAMP, newest.internal());
  }

  /// 404, with the clocks of the tombstone or of what has expired, where there is such a thing.
  static Refused notFound(Optional<ObjectClocks> current) {
    return new Refused(
        404,
        "The resource could not be found.",
        current
            .map(
                clocks ->
                    stored(clocks.newest())
                        .set(BackendHeaders.DATA_TIMESTAMP, clocks.data().internal()))
            .orElseGet(Headers::new));
  }

  static Refused conflict(Timestamp stored) {
    return new Refused(409, "Something newer is stored", stored(stored));
  }

  static Refused preconditionFailed() {
    return new Refused(412, "A precondition for this request was not met.");
  }

  static Refused of(MutationOutcome.Refusal refusal) {
    return switch (refusal) {
      case MutationOutcome.InsufficientStorage full -> new Refused(507, "The drive is full");
      case MutationOutcome.Busy busy -> new Refused(503, "The drive is busy");
      case MutationOutcome.Unavailable unavailable ->
          new Refused(507, "The drive cannot be used: " + unavailable.status());
    };
  }

  /// What to say to a failure that the protocol has a word for; anything else is thrown again, for
  /// the transport to log and answer with 500. A broken invariant stops the process.
  static Response of(Throwable failure) {
    FatalErrors.passOn(failure);
    return switch (Failures.cause(failure)) {
      case Refused refused -> refused.response();
      case StoreFault.Damaged damaged -> notFound(Optional.empty()).response();
      case StoreFault fault -> of(fault).response();
      case HttpFault fault -> Refused.of(fault).response();
      case Throwable other -> throw new CompletionException(other);
    };
  }

  private static Refused of(StoreFault fault) {
    if (fault.refusal().isPresent()) {
      return of(fault.refusal().get());
    }
    LOG.error("a device could not answer", fault);
    return new Refused(507, "The drive cannot answer");
  }
}
