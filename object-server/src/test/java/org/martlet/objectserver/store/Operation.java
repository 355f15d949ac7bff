package org.martlet.objectserver.store;

import java.util.Optional;
import org.martlet.objectserver.state.ObjectRecord;
import org.martlet.objectserver.state.ObjectState;

/// One thing that a test does to a store, as plain numbers, so that a failure can be read and
/// shrunk.
///
/// @param object which one, a small number so that operations meet
/// @param ticks the timestamp, a small number so that clocks meet
/// @param size of the body, for those that bring one
/// @param due targets of a listing update, as a mask
record Operation(Kind kind, int object, int ticks, int size, int due) {
  enum Kind {
    PUT,
    DELETE,
    POST,
    POST_WITH_TYPE,
    PUSH_OBJECT,
    PUSH_WITHOUT_BODY,
    PUSH_TOMBSTONE,
    FORGET
  }

  byte[] body() {
    return Samples.body(object * 31L + ticks, size);
  }

  /// The mutation, its body written to a blob file first if it is large.
  ///
  /// @return empty if it makes no sense now: nothing is there to forget
  Optional<Mutation> mutation(DeviceStore store) throws StoreFault {
    DueTargets targets = new DueTargets(due);
    ObjectRecord record = Samples.record(object, ticks, body());
    return Optional.of(
        switch (kind) {
          case PUT -> new Mutation.Put(record, newBody(store), Precondition.NONE, targets);
          case DELETE -> Samples.delete(object, ticks);
          case POST -> Samples.post(object, ticks, false);
          case POST_WITH_TYPE -> Samples.post(object, ticks, true);
          case PUSH_OBJECT ->
              new Mutation.Apply(record, Optional.of(newBody(store)), Precondition.NONE, targets);
          case PUSH_WITHOUT_BODY ->
              new Mutation.Apply(record, Optional.empty(), Precondition.NONE, targets);
          case PUSH_TOMBSTONE ->
              new Mutation.Apply(
                  record.withState(ObjectState.tombstone(Samples.at(ticks))),
                  Optional.empty(),
                  Precondition.NONE,
                  targets);
          case FORGET ->
              new Mutation.Forget(
                  record.key(),
                  Mutation.Forget.Reason.DROPPED,
                  store.lookup(record.key()).map(IndexedObject::sequence).orElse(0L));
        });
  }

  private NewBody newBody(DeviceStore store) throws StoreFault {
    byte[] body = body();
    if (size <= store.inlineLimit()) {
      return Samples.inline(body);
    }
    // Not closed: the file belongs to the mutation, or to the sweep if the power goes before.
    return Samples.blobIn(store.newBlob(), body);
  }
}
