package org.martlet.containerserver.listing;

import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;

/// A listing's name and the hash that its keys begin with.
///
/// @param path of an account or a container
/// @param hash of the path, as the ring's partition has it
public record ListingId(ListingKind kind, ObjectPath path, ObjectHash hash) {
  public ListingId {
    if (path.object() != null || (path.container() == null) != (kind == ListingKind.ACCOUNT)) {
      throw new IllegalArgumentException("not the path of an account or a container: " + path);
    }
  }

  /// The listing that a path names.
  public static ListingId of(ObjectPath path, PathHasher hasher) {
    ListingKind kind = path.container() == null ? ListingKind.ACCOUNT : ListingKind.CONTAINER;
    return new ListingId(kind, path, hasher.hash(path));
  }

  /// The container that a mark is about.
  public static ListingId ofContainer(DueReport mark) {
    return new ListingId(ListingKind.CONTAINER, mark.container(), mark.hash());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ListingId id && id.kind == kind && id.hash.equals(hash);
  }

  @Override
  public int hashCode() {
    return 31 * hash.hashCode() + kind.hashCode();
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
