package org.martlet.containerserver.server;

import java.util.function.Predicate;
import java.util.function.Supplier;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.containerserver.listing.ListingKind;

/// Who is a primary of what, by the rings of the moment.
///
/// @param containers the container ring, as it is now
/// @param accounts the account ring, as it is now
/// @param localContainer whether a device of the container ring is served by this process
/// @param localAccount whether a device of the account ring is
public record RingListings(
    Supplier<Ring> containers,
    Supplier<Ring> accounts,
    Predicate<RingDevice> localContainer,
    Predicate<RingDevice> localAccount)
    implements ListingRings {
  @Override
  public boolean isPrimary(ListingKind kind, ObjectHash hash, String device) {
    return switch (kind) {
      case CONTAINER -> isPrimary(containers.get(), localContainer, hash, device);
      case ACCOUNT -> isPrimary(accounts.get(), localAccount, hash, device);
    };
  }

  private static boolean isPrimary(
      Ring ring, Predicate<RingDevice> local, ObjectHash hash, String device) {
    for (RingDevice primary : ring.primaries(ring.partition(hash))) {
      if (primary.device().equals(device) && local.test(primary)) {
        return true;
      }
    }
    return false;
  }
}
