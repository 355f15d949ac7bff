package org.martlet.objectserver.server;

import org.martlet.common.replication.BodyEtag;
import org.martlet.common.replication.DataClock;
import org.martlet.common.replication.RecordClocks;
import org.martlet.common.replication.RecordEntry;
import org.martlet.objectserver.state.ObjectClocks;
import org.martlet.objectserver.store.IndexedObject;

/// What the store knows of clocks, in the form that replicas exchange.
final class PeerClocks {
  private PeerClocks() {}

  static RecordClocks of(ObjectClocks clocks) {
    BodyEtag etag = new BodyEtag(clocks.etag().high(), clocks.etag().low());
    return new RecordClocks(
        new DataClock(clocks.data(), clocks.deleted(), etag, clocks.size()),
        clocks.contentType(),
        clocks.metadata(),
        clocks.headersTag());
  }

  static RecordEntry entry(IndexedObject object) {
    return new RecordEntry(object.key().hash(), of(object.clocks()), object.sequence());
  }
}
