package org.martlet.common.protocol;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The cluster's storage policies; there is always one of index 0 and exactly one default.
public final class StoragePolicies {
  private final List<StoragePolicy> policies;

  /// @throws IllegalArgumentException if two share an index or a name, or index 0 or the default is
  ///     missing
  public StoragePolicies(List<StoragePolicy> policies) {
    this.policies = List.copyOf(policies);
    if (policies.stream().mapToInt(StoragePolicy::index).distinct().count() != policies.size()) {
      throw new IllegalArgumentException("two storage policies have the same index");
    }
    if (policies.stream().map(p -> p.name().toLowerCase(Locale.ROOT)).distinct().count()
        != policies.size()) {
      throw new IllegalArgumentException("two storage policies have the same name");
    }
    if (find(0).isEmpty()) {
      throw new IllegalArgumentException("there is no storage policy of index 0");
    }
    if (policies.stream().filter(StoragePolicy::isDefault).count() != 1) {
      throw new IllegalArgumentException("exactly one storage policy is the default");
    }
  }

  public List<StoragePolicy> all() {
    return policies;
  }

  public Optional<StoragePolicy> find(int index) {
    return policies.stream().filter(policy -> policy.index() == index).findFirst();
  }

  public Optional<StoragePolicy> find(String name) {
    return policies.stream().filter(policy -> policy.name().equalsIgnoreCase(name)).findFirst();
  }

  public StoragePolicy byDefault() {
    return policies.stream().filter(StoragePolicy::isDefault).findFirst().orElseThrow();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StoragePolicies that && policies.equals(that.policies);
  }

  @Override
  public int hashCode() {
    return policies.hashCode();
  }
}
