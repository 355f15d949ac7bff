package org.martlet.objectserver.server;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.QueryString;
import org.martlet.common.http.Refused;
import org.martlet.common.http.Response;
import org.martlet.common.model.Digest;
import org.martlet.common.model.PartitionId;
import org.martlet.objectserver.store.DeviceStore;
import org.martlet.objectserver.store.StoreFault;

/// `GET /<device>/digests?policy=0&part_power=10[&first=0][&count=65536]`: the digests of a range
/// of partitions.
///
/// - Shape: four bytes `MDG` and version 1, then for each partition whose digest is not zero, in
///   order: u32 partition, 16 bytes digest; big-endian.
/// - Bounds: [#MAX_PARTITIONS] partitions a request, and [#TIME] of a device's thread: past it the
///   answer ends after the partition that it is at, and `X-Backend-Next-Partition` says where the
///   next request is to begin. At least one partition is told.
final class DigestHandler {
  static final int MAX_PARTITIONS = 65_536;
  static final String NEXT = "X-Backend-Next-Partition";
  static final Duration TIME = Duration.ofMillis(500);
  private static final int MAGIC = 'M' << 24 | 'D' << 16 | 'G' << 8 | 1;
  private static final int ENTRY = Integer.BYTES + Digest.BYTES;

  /// What a device knows of one partition.
  @FunctionalInterface
  interface Digests {
    Digest of(PartitionId partition) throws StoreFault;
  }

  private final InstantSource clock;

  DigestHandler(InstantSource clock) {
    this.clock = clock;
  }

  CompletableFuture<Response> get(Device device, String rawQuery) {
    QueryString query = QueryString.parse(rawQuery);
    int policy = (int) number(query, "policy", 0, 0, 0xffff);
    int partPower = (int) number(query, "part_power", -1, 0, 30);
    if (partPower < 0) {
      throw new Refused(400, "The query has no part_power");
    }
    int partitions = 1 << partPower;
    int first = (int) number(query, "first", 0, 0, partitions - 1L);
    int count = (int) number(query, "count", MAX_PARTITIONS, 1, MAX_PARTITIONS);
    int end = (int) Math.min(partitions, first + (long) count);
    DeviceStore store = device.store();
    return device
        .lane()
        .call(() -> answer(p -> store.partitionDigest(policy, partPower, p), first, end));
  }

  private static long number(QueryString query, String name, long otherwise, long min, long max) {
    @Nullable String digits = query.get(name);
    if (digits == null) {
      return otherwise;
    }
    boolean number =
        !digits.isEmpty()
            && digits.length() <= 18
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number || Long.parseLong(digits) < min || Long.parseLong(digits) > max) {
      throw new Refused(400, "The query's " + name + " is not in " + min + ".." + max);
    }
    return Long.parseLong(digits);
  }

  /// @param first partition
  /// @param end behind the last
  Response answer(Digests digests, int first, int end) throws StoreFault {
    long last = clock.millis() + TIME.toMillis();
    ByteBuffer out = ByteBuffer.allocate(Integer.BYTES + (end - first) * ENTRY).putInt(MAGIC);
    int partition = first;
    for (; partition < end && (partition == first || clock.millis() < last); partition++) {
      Digest digest = digests.of(new PartitionId(partition));
      if (!digest.equals(Digest.ZERO)) {
        digest.write(out.putInt(partition));
      }
    }
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    Headers headers = Headers.of("Content-Type", "application/octet-stream");
    if (partition < end) {
      headers.set(NEXT, partition);
    }
    return new Response(200, headers, Body.of(bytes));
  }
}
