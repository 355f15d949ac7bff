package org.martlet.objectserver.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.replication.FrameHead;
import org.martlet.common.replication.HashList;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.RecordList;
import org.martlet.objectserver.state.ObjectClocks;
import org.martlet.objectserver.state.ObjectKey;
import org.martlet.objectserver.store.DeviceStore;
import org.martlet.objectserver.store.IndexedObject;
import org.martlet.objectserver.store.OpenObject;
import org.martlet.objectserver.store.PeerRecord;
import org.martlet.objectserver.store.StoreFault;

/// What a device tells others of its records: `/<device>/replication/records`, `…/fetch` and
/// `GET …/record`.
final class RecordReads {
  /// How long one listing may keep a thread of the device.
  static final Duration TIME = Duration.ofMillis(500);

  private final Primaries primaries;
  private final WholeBody bodies;
  private final ReadBuffers buffers;
  private final int chunkBytes;
  private final LongSupplier nanos;

  /// @param chunkBytes the most that is read of a large body at once
  /// @param nanos counts on, from anywhere
  RecordReads(
      Primaries primaries,
      WholeBody bodies,
      ReadBuffers buffers,
      int chunkBytes,
      LongSupplier nanos) {
    this.primaries = primaries;
    this.bodies = bodies;
    this.buffers = buffers;
    this.chunkBytes = chunkBytes;
    this.nanos = nanos;
  }

  /// Hashes and clocks of a range.
  CompletableFuture<Response> records(Device device, int policy, ReplicationQuery query) {
    ObjectHash from = query.hash("from");
    ObjectHash to = query.hash("to");
    if (from.compareTo(to) > 0) {
      throw new Refused(400, "The range ends before it begins");
    }
    int limit = (int) query.number("limit", RecordList.MAX_ENTRIES, 1, RecordList.MAX_ENTRIES);
    Optional<Timestamp> deletedBefore = query.timestamp("deleted_before");
    Predicate<ObjectClocks> wanted =
        clocks ->
            deletedBefore.isEmpty()
                || (clocks.deleted() && deletedBefore.get().isAfter(clocks.newest()));
    Headers headers = PeerAnswers.binary();
    headers.set(BackendHeaders.PRIMARY, "" + primaries.isPrimary(policy, from, device));
    HashRange range = new HashRange(from, to);
    if (deletedBefore.isPresent() && device.store().statistics(policy).tombstones() == 0) {
      // Devices without deletions must not scan all that they have for each pass that reclaims.
      return CompletableFuture.completedFuture(
          PeerAnswers.of(headers, RecordList.encode(List.of())));
    }
    return device
        .lane()
        .call(
            () -> {
              long began = nanos.getAsLong();
              DeviceStore.IndexPage page =
                  device
                      .store()
                      .scan(
                          policy,
                          range,
                          limit,
                          wanted,
                          () -> nanos.getAsLong() - began > TIME.toNanos());
              page.next().ifPresent(next -> headers.set(BackendHeaders.NEXT_HASH, "" + next));
              return PeerAnswers.of(
                  headers,
                  RecordList.encode(page.objects().stream().map(PeerClocks::entry).toList()));
            });
  }

  /// Whole records, one frame behind the other.
  CompletableFuture<Response> fetch(Device device, int policy, Body body) {
    return bodies.read(
        device,
        body,
        HashList.MAX_BYTES,
        bytes -> {
          List<ObjectKey> keys = new ArrayList<>();
          HashList.decode(bytes).forEach(hash -> keys.add(ObjectKey.whole(policy, hash)));
          return device
              .lane()
              .call(
                  () ->
                      new Response(
                          200, PeerAnswers.binary(), FetchedFrames.begin(device, keys, buffers)));
        });
  }

  /// One record with its body, however long.
  CompletableFuture<Response> record(Device device, int policy, ReplicationQuery query) {
    ObjectKey key = ObjectKey.whole(policy, query.hash("hash"));
    return device.lane().call(() -> stream(device, key));
  }

  private Response stream(Device device, ObjectKey key) throws StoreFault {
    OpenObject object =
        device.store().open(key).orElseThrow(() -> Answers.notFound(Optional.empty()));
    boolean handedOver = false;
    try {
      byte[] head = head(device.store(), object, object.size());
      List<BodyLayout.Part> parts = new ArrayList<>();
      parts.add(new BodyLayout.Text(new String(head, StandardCharsets.ISO_8859_1)));
      if (object.size() > 0) {
        parts.add(new BodyLayout.Stored(new ByteRange(0, object.size())));
      }
      BodyLayout layout = new BodyLayout(parts, head.length + object.size());
      // The body closes the object, also when it cannot be read.
      handedOver = true;
      return new Response(
          200,
          PeerAnswers.binary(),
          new StoredBody(object, layout, device.lane(), buffers, chunkBytes));
    } finally {
      if (!handedOver) {
        object.close();
      }
    }
  }

  /// The frame's head with the record behind it.
  ///
  /// Whether a listing has yet to hear of it is asked after the record was opened: a mark that
  /// there was then is still there, or was delivered since.
  ///
  /// @param bodyBytes as of [FrameHead]
  static byte[] head(DeviceStore store, OpenObject object, long bodyBytes) throws StoreFault {
    ObjectKey key = object.object().record().key();
    ByteBuffer record = new PeerRecord(object.object().record(), object.crc32c()).encode();
    CRC32C crc = new CRC32C();
    crc.update(record.duplicate());
    boolean due = store.lookup(key).map(IndexedObject::isDue).orElse(false);
    FrameHead head =
        new FrameHead(
            key.hash(),
            object.object().sequence(),
            due,
            record.remaining(),
            bodyBytes,
            (int) crc.getValue());
    ByteBuffer bytes = ByteBuffer.allocate(FrameHead.BYTES + record.remaining());
    head.write(bytes);
    return bytes.put(record).array();
  }
}
