package org.martlet.replicator.plan;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.martlet.common.model.Timestamp;
import org.martlet.common.replication.BodyEtag;
import org.martlet.common.replication.DataClock;
import org.martlet.common.replication.RecordClocks;

/// An object's whole state with its join, as small as it can be: the values that clocks govern are
/// numbers from 0 to 3.
public record ModelState(
    DataClock data, int dataHeaders, Timestamp typeAt, int type, Timestamp metaAt, int meta) {

  public static ModelState put(long tick, int body, int values) {
    Timestamp at = Timestamp.ofTicks(tick);
    DataClock data = new DataClock(at, false, new BodyEtag(0, body), body);
    return new ModelState(data, values, at, values, at, values);
  }

  public static ModelState tombstone(long tick) {
    Timestamp at = Timestamp.ofTicks(tick);
    return new ModelState(DataClock.tombstone(at), 0, at, 0, at, 0);
  }

  public ModelState post(long tick, int values) {
    return merge(new ModelState(data, dataHeaders, typeAt, type, Timestamp.ofTicks(tick), values));
  }

  public ModelState merge(ModelState other) {
    int byData = data.compareTo(other.data);
    boolean ourData = byData > 0 || (byData == 0 && dataHeaders >= other.dataHeaders);
    int byType = typeAt.compareTo(other.typeAt);
    boolean ourType = byType > 0 || (byType == 0 && type >= other.type);
    int byMeta = metaAt.compareTo(other.metaAt);
    boolean ourMeta = byMeta > 0 || (byMeta == 0 && meta >= other.meta);
    return new ModelState(
        ourData ? data : other.data,
        ourData ? dataHeaders : other.dataHeaders,
        ourType ? typeAt : other.typeAt,
        ourType ? type : other.type,
        ourMeta ? metaAt : other.metaAt,
        ourMeta ? meta : other.meta);
  }

  public boolean contains(ModelState other) {
    return merge(other).equals(this);
  }

  public RecordClocks clocks() {
    return new RecordClocks(data, typeAt, metaAt, dataHeaders * 16 + type * 4 + meta);
  }

  /// States that meet: few moments, few values, so that ties and mixed orders are common.
  static Arbitrary<ModelState> any() {
    Arbitrary<ModelState> bare =
        Combinators.combine(
                Arbitraries.longs().between(1, 4),
                Arbitraries.integers().between(1, 2),
                Arbitraries.integers().between(0, 2),
                Arbitraries.of(true, true, false))
            .as((tick, body, values, live) -> live ? put(tick, body, values) : tombstone(tick));
    return Combinators.combine(
            bare.list().ofMinSize(1).ofMaxSize(2),
            Arbitraries.longs().between(0, 5),
            Arbitraries.integers().between(0, 2))
        .as(
            (states, tick, values) -> {
              ModelState joined = states.stream().reduce(ModelState::merge).orElseThrow();
              return tick == 0 ? joined : joined.post(tick, values);
            });
  }

  /// Histories in which no moment has two meanings, as one proxy alone makes them.
  static Arbitrary<ModelState> withoutTies() {
    return Combinators.combine(
            Arbitraries.longs().between(1, 4),
            Arbitraries.longs().between(0, 5),
            Arbitraries.of(true, true, false))
        .as(
            (put, post, live) -> {
              ModelState bare =
                  live
                      ? put(10 * put, 1 + (int) (put % 2), (int) (put % 4))
                      : tombstone(10 * put + 1);
              return post == 0 ? bare : bare.post(10 * post + 2, (int) (post % 4));
            });
  }
}
