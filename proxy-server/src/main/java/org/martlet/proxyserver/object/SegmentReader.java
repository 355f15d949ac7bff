package org.martlet.proxyserver.object;

import java.util.Optional;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.HttpFault;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.proxyserver.backend.BackendAnswer;

/// Opens the segments of a dynamic large object one after the other, from one offset to another.
///
/// A segment that is not what the container lists ends it with a fault: the client must not take a
/// mixture for the object.
final class SegmentReader implements SegmentsBody.Source {
  private final ObjectReader reader;
  private final SegmentPages pages;
  private final ObjectTarget container;
  private final Timestamp now;
  private final long end;
  private long skip;
  private long position;

  /// @param container where segments are; its path's object name is ignored
  /// @param start offset of the first byte wanted
  /// @param end offset after the last byte wanted
  SegmentReader(
      ObjectReader reader,
      SegmentPages pages,
      ObjectTarget container,
      Timestamp now,
      long start,
      long end) {
    this.reader = reader;
    this.pages = pages;
    this.container = container;
    this.now = now;
    this.end = end;
    this.skip = start;
  }

  @Override
  public Optional<Body> next() throws HttpFault, InterruptedException {
    while (position < end) {
      Optional<Segment> listed = pages.next();
      if (listed.isEmpty()) {
        return Optional.empty();
      }
      Segment segment = listed.get();
      if (segment.bytes() <= skip) {
        skip -= segment.bytes();
        position += segment.bytes();
        continue;
      }
      return Optional.of(open(segment));
    }
    return Optional.empty();
  }

  private Body open(Segment segment) throws HttpFault, InterruptedException {
    long first = skip;
    long after = Math.min(segment.bytes(), end - position);
    position += segment.bytes();
    skip = 0;
    Headers headers = new Headers();
    if (first > 0 || after < segment.bytes()) {
      headers.set("Range", "bytes=" + first + "-" + (after - 1));
    }
    ObjectPath path =
        ObjectPath.object(
            container.path().account(),
            String.valueOf(container.path().container()),
            segment.name());
    BackendAnswer answer =
        reader.read(
            new ObjectTarget(path, container.policy(), container.transactionId()),
            "GET",
            headers,
            false,
            now);
    boolean same =
        answer.isSuccess()
            && answer.body().length() == after - first
            && segment.hash().equals(answer.headers().getOr("ETag", ""));
    if (!same) {
      answer.body().close();
      throw new HttpFault(
          HttpFault.Kind.CLOSED, "segment " + path + " is not what its container lists");
    }
    return answer.body();
  }
}
