package org.martlet.proxyserver.api;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.common.runtime.TimestampSource;

/// What controllers need, over scripted servers; it is second 1,000,000,000.
final class ApiFixture {
  final StoragePolicies policies;
  final CachedInfo cache;
  final Accounts accounts;
  final ListingAnswers listings;

  ApiFixture(ListingServers servers, boolean autocreate, List<StoragePolicy> morePolicies) {
    List<StoragePolicy> all = new ArrayList<>(morePolicies);
    all.add(new StoragePolicy(0, "gold", true, false));
    this.policies = new StoragePolicies(all);
    this.cache = new CachedInfo(servers, Duration.ofMinutes(1), 1 << 20, Ticker.systemTicker());
    this.accounts =
        new Accounts(
            servers,
            cache,
            new TimestampSource(() -> Instant.ofEpochSecond(1_000_000_000)),
            policies,
            autocreate);
    this.listings = new ListingAnswers(policies, Runnable::run);
  }
}
