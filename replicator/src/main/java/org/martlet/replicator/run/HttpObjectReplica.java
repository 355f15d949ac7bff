package org.martlet.replicator.run;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.BackendHeaders;
import org.martlet.common.replication.ForgetItem;
import org.martlet.common.replication.FrameHead;
import org.martlet.common.replication.HashList;
import org.martlet.common.replication.HashRange;
import org.martlet.common.replication.MergeResult;
import org.martlet.common.replication.RecordEntry;
import org.martlet.common.replication.RecordList;
import org.martlet.replicator.plan.RecordPage;

/// The objects of one policy on a device that is reached over HTTP.
///
/// - Source: docs/http-api.md, "Replication".
public final class HttpObjectReplica extends HttpReplica implements ObjectReplica {
  /// The most that a fetch answers: 8 MiB are out when it stops, and one frame more.
  private static final int MAX_FETCH = 16 << 20;

  public HttpObjectReplica(DeviceCalls calls, int policy) {
    super(calls, policy);
  }

  @Override
  public Listed records(HashRange range, int limit) throws ReplicaFault {
    return calls()
        .get(
            recordsPath(range, limit, ""),
            RecordList.MAX_BYTES,
            answer -> {
              List<RecordEntry> entries = RecordList.decode(answer.body());
              HashRange seen = seen(range, answer);
              RecordPage page =
                  seen.equals(range)
                      ? RecordPage.of(range, entries, limit)
                      : new RecordPage(seen, entries);
              return new Listed(page, isPrimary(answer.headers()));
            });
  }

  @Override
  public Tombstones tombstones(HashRange range, Timestamp before, int limit) throws ReplicaFault {
    return calls()
        .get(
            recordsPath(range, limit, "&deleted_before=" + before.internal()),
            RecordList.MAX_BYTES,
            answer -> {
              List<RecordEntry> entries = RecordList.decode(answer.body());
              HashRange seen = seen(range, answer);
              RecordPage page =
                  seen.equals(range)
                      ? RecordPage.of(range, entries, limit)
                      : new RecordPage(seen, entries);
              return new Tombstones(entries, range.after(page.covered().last()));
            });
  }

  private String recordsPath(HashRange range, int limit, String more) {
    return path(
            "/replication/records",
            "from",
            range.first().toString(),
            "to",
            range.last().toString(),
            "limit",
            Integer.toString(limit))
        + more;
  }

  /// How far an answer reaches that may have been cut short.
  private static HashRange seen(HashRange asked, DeviceCalls.Answer answer) {
    String next = answer.headers().get(BackendHeaders.NEXT_HASH);
    if (next == null) {
      return asked;
    }
    ObjectHash first = ObjectHash.parse(next);
    if (!asked.contains(first) || first.equals(asked.first())) {
      throw new IllegalArgumentException("the listing would go on at " + first);
    }
    long low = first.low() - 1;
    return asked.upTo(new ObjectHash(first.high() - (first.low() == 0 ? 1 : 0), low));
  }

  @Override
  public List<RecordFrame> fetch(List<ObjectHash> hashes) throws ReplicaFault {
    return calls()
        .post(
            path("/replication/fetch"),
            HashList.encode(hashes),
            MAX_FETCH,
            answer -> checked(FrameReader.read(answer.body()), hashes));
  }

  /// The frames, if they are some of those asked for, in their order.
  private static List<RecordFrame> checked(List<RecordFrame> frames, List<ObjectHash> asked) {
    Set<ObjectHash> seen = new HashSet<>();
    int at = 0;
    for (RecordFrame frame : frames) {
      ObjectHash hash = frame.head().hash();
      while (at < asked.size() && !asked.get(at).equals(hash)) {
        at++;
      }
      if (at == asked.size() || !seen.add(hash)) {
        throw new IllegalArgumentException("a record was not asked for: " + hash);
      }
    }
    return frames;
  }

  @Override
  public List<MergeResult> merge(List<RecordFrame> frames) throws ReplicaFault {
    return calls()
        .post(
            path("/replication/merge"),
            FrameReader.write(frames),
            MergeResult.MAX_BYTES,
            answer -> results(answer, frames.size()));
  }

  private static List<MergeResult> results(DeviceCalls.Answer answer, int expected) {
    List<MergeResult> results = MergeResult.decode(answer.body());
    if (results.size() != expected) {
      throw new IllegalArgumentException(results.size() + " results for " + expected + " records");
    }
    return results;
  }

  @Override
  public Optional<Copied> copyFrom(ObjectReplica source, ObjectHash hash) throws ReplicaFault {
    if (!(source instanceof HttpObjectReplica from)) {
      throw new IllegalArgumentException("a record is copied between devices reached over HTTP");
    }
    Optional<RecordStream> opened = from.open(hash);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (RecordStream stream = opened.get()) {
      return send(stream, hash);
    }
  }

  private Optional<Copied> send(RecordStream stream, ObjectHash hash) throws ReplicaFault {
    FrameHead head = stream.head();
    try {
      Response response =
          calls().put(path("/replication/record", "hash", hash.toString()), stream.body());
      MergeResult result =
          calls().decoded(response, MergeResult.MAX_BYTES, answer -> results(answer, 1).getFirst());
      return Optional.of(new Copied(head, result));
    } catch (ReplicaFault e) {
      if (stream.hasFailed()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// One record as a stream, its head read; empty if it is not there.
  private Optional<RecordStream> open(ObjectHash hash) throws ReplicaFault {
    String path = path("/replication/record", "hash", hash.toString());
    Response response = calls().get(path);
    if (response.status() == 404) {
      response.body().close();
      return Optional.empty();
    }
    return Optional.of(RecordStream.open(calls(), calls().successful(response), hash));
  }

  @Override
  public List<ForgetItem.Outcome> forget(Reason reason, List<ForgetItem> items)
      throws ReplicaFault {
    String why =
        switch (reason) {
          case DROPPED -> "dropped";
          case PURGED -> "purged";
        };
    return calls()
        .post(
            path("/replication/forget", "reason", why),
            ForgetItem.encode(items),
            ForgetItem.MAX_BYTES,
            answer -> {
              List<ForgetItem.Outcome> outcomes = ForgetItem.decodeOutcomes(answer.body());
              if (outcomes.size() != items.size()) {
                throw new IllegalArgumentException(
                    outcomes.size() + " outcomes for " + items.size() + " records");
              }
              return outcomes;
            });
  }
}
