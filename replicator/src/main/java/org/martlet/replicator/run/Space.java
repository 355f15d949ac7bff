package org.martlet.replicator.run;

/// What is replicated by itself, with a ring of its own.
///
/// @param policy of objects; 0 for listings
public record Space(Kind kind, int policy) implements Comparable<Space> {
  /// What is in it.
  public enum Kind {
    OBJECTS,
    CONTAINERS,
    ACCOUNTS
  }

  public static final Space CONTAINERS = new Space(Kind.CONTAINERS, 0);
  public static final Space ACCOUNTS = new Space(Kind.ACCOUNTS, 0);

  public Space {
    if (policy < 0 || (kind != Kind.OBJECTS && policy != 0)) {
      throw new IllegalArgumentException("no such space: " + kind + " of policy " + policy);
    }
  }

  public static Space objects(int policy) {
    return new Space(Kind.OBJECTS, policy);
  }

  @Override
  public int compareTo(Space other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : Integer.compare(policy, other.policy);
  }

  /// `object`, `object-1`, `container`, `account`: the name of its ring.
  @Override
  public String toString() {
    return switch (kind) {
      case OBJECTS -> policy == 0 ? "object" : "object-" + policy;
      case CONTAINERS -> "container";
      case ACCOUNTS -> "account";
    };
  }
}
