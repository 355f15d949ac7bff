package org.martlet.proxyserver.api;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.common.protocol.StoragePolicy;

/// What controllers need, over scripted servers; the clock starts at 1,000,000,000 s and goes on by
/// a second each time.
final class ApiFixture {
  final StoragePolicies policies;
  final CachedInfo cache;
  final Accounts accounts;
  final ListingAnswers listings;

  ApiFixture(ListingServers servers, boolean autocreate, List<StoragePolicy> morePolicies) {
    List<StoragePolicy> all = new ArrayList<>(morePolicies);
    all.add(new StoragePolicy(0, "gold", true, false));
    this.policies = new StoragePolicies(all);
    this.cache = new CachedInfo(servers, Duration.ofMinutes(1), 1000, Ticker.systemTicker());
    AtomicLong seconds = new AtomicLong(1_000_000_000);
    this.accounts =
        new Accounts(
            servers,
            cache,
            () -> Timestamp.ofTicks(seconds.getAndIncrement() * Timestamp.TICKS_PER_SECOND),
            policies,
            autocreate);
    this.listings = new ListingAnswers(policies, Runnable::run);
  }
}
