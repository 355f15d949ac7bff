package org.martlet.e2e;

import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a client knows of one object: what was acknowledged last, and the one change whose answer
/// never came. Bodies follow from name and clock, so that a wrong byte is known as such.
///
/// Threads: one at a time.
final class ObjectHistory {
  private static final int SMALL = 4096;
  private static final int MEDIUM = 60_000;
  private static final int LARGE = 600_000;

  /// One state of an object: absent, deleted, or a body with metadata.
  ///
  /// @param data clock of the body or the tombstone in ticks of 10 µs; 0 where nothing ever was
  /// @param meta clock of the metadata; 0 for a tombstone
  record State(long data, long meta) {
    static final State NOTHING = new State(0, 0);

    boolean isLive() {
      return meta > 0;
    }
  }

  /// What a client asks for.
  enum Change {
    PUT,
    POST,
    DELETE
  }

  private final String name;
  private State known = State.NOTHING;
  private @Nullable State pending;

  ObjectHistory(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  State known() {
    return known;
  }

  /// A request is on its way; at most one is.
  void begin(Change change, long ticks) {
    if (pending != null) {
      throw new IllegalStateException(name + " has a change under way");
    }
    pending =
        switch (change) {
          case PUT -> new State(ticks, ticks);
          case POST -> known.isLive() ? new State(known.data(), ticks) : known;
          case DELETE -> new State(ticks, 0);
        };
  }

  /// It was acknowledged: it must never be lost.
  void acknowledged() {
    if (pending != null) {
      known = pending;
      pending = null;
    }
  }

  /// It was refused in a way that promises that it was not done.
  void refused() {
    pending = null;
  }

  /// What may be found after a crash.
  Set<State> possible() {
    return pending == null || pending.equals(known) ? Set.of(known) : Set.of(known, pending);
  }

  /// What was seen must stay, whether it was acknowledged or not.
  void found(State state) {
    known = state;
    pending = null;
  }

  byte[] body(long ticks) {
    return body(name, ticks);
  }

  int size() {
    return known.isLive() ? size(random(name, known.data())) : 0;
  }

  static byte[] body(String name, long ticks) {
    Random random = random(name, ticks);
    byte[] bytes = new byte[size(random)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static Random random(String name, long ticks) {
    return new Random(name.hashCode() * 31L + ticks);
  }

  /// Most are small, a third is too large to be inline, some take several writes.
  private static int size(Random random) {
    int kind = random.nextInt(100);
    if (kind < 60) {
      return random.nextInt(SMALL);
    }
    return random.nextInt(kind < 94 ? MEDIUM : LARGE);
  }
}
