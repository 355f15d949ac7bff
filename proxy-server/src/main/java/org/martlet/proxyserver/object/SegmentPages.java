package org.martlet.proxyserver.object;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.martlet.common.http.HttpFault;

/// The segments of a dynamic large object in order, one page of them in memory at a time.
///
/// A page that is no longer what it was when length and ETag were told ends it with a fault: the
/// client must not take a mixture for the object.
final class SegmentPages {
  private final SegmentListing listing;
  private final List<Integer> hashes;
  private final Queue<Segment> queue;
  private int page;
  private boolean ended;
  private String last = "";

  /// @param first page
  /// @param hashes of the pages as they were; empty if nothing was told about them
  SegmentPages(SegmentListing listing, List<Segment> first, List<Integer> hashes) {
    this.listing = listing;
    this.hashes = hashes;
    this.queue = new ArrayDeque<>(first);
    note(first);
  }

  /// Blocks where the next page has to be listed; empty after the last segment.
  Optional<Segment> next() throws HttpFault, InterruptedException {
    if (queue.isEmpty() && !ended) {
      List<Segment> listed = listing.page(last);
      page++;
      if (!hashes.isEmpty() && (page >= hashes.size() || hashes.get(page) != listed.hashCode())) {
        throw new HttpFault(HttpFault.Kind.CLOSED, "the list of segments has changed meanwhile");
      }
      queue.addAll(listed);
      note(listed);
    }
    return Optional.ofNullable(queue.poll());
  }

  private void note(List<Segment> listed) {
    ended = listed.size() < listing.limit();
    if (!listed.isEmpty()) {
      last = listed.getLast().name();
    }
  }
}
