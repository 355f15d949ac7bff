package org.martlet.objectserver.index;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.Timestamp;
import org.martlet.objectserver.state.Etag;
import org.martlet.objectserver.state.ObjectClocks;
import org.martlet.objectserver.volume.BodyLocation;
import org.martlet.objectserver.volume.RecordLocation;

class EntryCodecTest {
  @Property
  void entriesReadBackAsWritten(@ForAll("entries") IndexEntry entry) throws KeyValueFault {
    assertThat(EntryCodec.decode(EntryCodec.encode(entry))).isEqualTo(entry);
  }

  @Example
  void anOrdinaryEntryTakesUnderAHundredBytes() {
    Timestamp now = Timestamp.ofTicks(176_000_000_000_000L);
    RecordLocation at = new RecordLocation(4000, 1_000_000_000, 300_000, 600);
    RecordLocation body = new RecordLocation(3000, 900_000_000, 300_000, 600);
    ObjectClocks clocks =
        new ObjectClocks(
            now,
            false,
            new Etag(-1, -1),
            5L << 30,
            Timestamp.ofTicks(now.ticks() + 9_000_000_000L),
            Timestamp.ofTicks(now.ticks() + 9_000_000_000L),
            -1);
    IndexEntry entry =
        new IndexEntry(clocks, -1L >>> 1, at, new BodyLocation.InRecord(body), 7, 0, 2000);
    assertThat(EntryCodec.encode(entry)).hasSizeLessThanOrEqualTo(100);
  }

  @Provide
  Arbitrary<IndexEntry> entries() {
    Arbitrary<Timestamp> clock =
        Combinators.combine(
                Arbitraries.longs().between(0, Timestamp.MAX_TICKS),
                Arbitraries.longs().between(0, 1L << 40))
            .as(Timestamp::new);
    Arbitrary<ObjectClocks> live =
        Combinators.combine(
                clock,
                Arbitraries.longs(),
                Arbitraries.longs().greaterOrEqual(0),
                clock,
                clock,
                Arbitraries.integers())
            .as(
                (data, etag, size, type, metadata, tag) ->
                    new ObjectClocks(
                        data, false, new Etag(etag, ~etag), size, type, metadata, tag));
    Arbitrary<ObjectClocks> deleted =
        Combinators.combine(clock, clock, Arbitraries.integers())
            .as((data, type, tag) -> new ObjectClocks(data, true, Etag.NONE, 0, type, type, tag));
    Arbitrary<RecordLocation> location =
        Combinators.combine(
                Arbitraries.integers().between(1, Integer.MAX_VALUE),
                Arbitraries.longs().between(0, 1L << 32),
                Arbitraries.integers().between(64, 5 << 20),
                Arbitraries.integers().between(64, 1 << 20))
            .as(RecordLocation::new);
    Arbitrary<BodyLocation> body =
        Arbitraries.oneOf(
            Arbitraries.just(BodyLocation.NONE),
            location.map(BodyLocation.InRecord::new),
            Arbitraries.longs().map(BodyLocation.InBlob::new));
    return Combinators.combine(
            Arbitraries.oneOf(live, deleted).injectNull(0.1),
            Arbitraries.longs(),
            location,
            body,
            Arbitraries.longs(),
            Arbitraries.integers().between(0, 1000),
            Arbitraries.longs().between(0, 9_999_999_999L))
        .as(
            (clocks, sequence, at, place, due, age, deleteAt) ->
                new IndexEntry(
                    clocks, sequence, at, place, due, deleteAt, Math.max(1, at.volume() - age)));
  }
}
