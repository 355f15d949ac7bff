package org.martlet.objectserver.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.martlet.common.model.Timestamp;

/// Few values of everything, so that they meet.
class ObjectStateTest {
  @Property(tries = 300)
  void mergeIsCommutative(@ForAll("states") ObjectState a, @ForAll("states") ObjectState b) {
    assertThat(a.merge(b)).isEqualTo(b.merge(a));
    assertThat(a.merge(b).clocks()).isEqualTo(b.merge(a).clocks());
  }

  @Property(tries = 300)
  void mergeIsAssociative(
      @ForAll("states") ObjectState a,
      @ForAll("states") ObjectState b,
      @ForAll("states") ObjectState c) {
    assertThat(a.merge(b).merge(c)).isEqualTo(a.merge(b.merge(c)));
  }

  @Property(tries = 300)
  void mergeIsIdempotent(@ForAll("states") ObjectState a, @ForAll("states") ObjectState b) {
    assertThat(a.merge(a)).isEqualTo(a);
    assertThat(a.merge(b).merge(b)).isEqualTo(a.merge(b));
  }

  @Property(tries = 300)
  void theLaterDataWinsWhateverItsKind(
      @ForAll("states") ObjectState a, @ForAll("states") ObjectState b) {
    DataVersion winner = a.merge(b).data();
    assertThat(winner.timestamp())
        .isEqualTo(Timestamp.max(a.data().timestamp(), b.data().timestamp()));
  }

  @Example
  void aTombstoneWinsOverDataOfTheSameMoment() {
    Timestamp t = Timestamp.ofTicks(5);
    ObjectState data =
        ObjectState.put(t, new Etag(-1, -1), 9, HeaderMap.EMPTY, "t", HeaderMap.EMPTY);
    assertThat(data.merge(ObjectState.tombstone(t)).isLive()).isFalse();
  }

  @Property(tries = 300)
  void headersReadBackAsWritten(@ForAll Map<String, String> entries) {
    HeaderMap headers = HeaderMap.of(entries);
    ByteBuffer bytes = ByteBuffer.allocate(headers.encodedLength());
    headers.write(bytes);
    assertThat(HeaderMap.read(bytes.flip())).isEqualTo(headers);
    assertThat(bytes.hasRemaining()).isFalse();
  }

  @Provide
  Arbitrary<ObjectState> states() {
    Arbitrary<Timestamp> clocks =
        Combinators.combine(
                Arbitraries.integers().between(0, 3), Arbitraries.integers().between(0, 1))
            .as(Timestamp::new);
    Arbitrary<HeaderMap> headers =
        Arbitraries.of(
            HeaderMap.EMPTY, HeaderMap.of(Map.of("a", "1")), HeaderMap.of(Map.of("a", "2")));
    Arbitrary<DataVersion> bodies =
        Combinators.combine(
                clocks,
                Arbitraries.of(new Etag(0, 1), new Etag(-1, 0)),
                Arbitraries.longs().between(0, 1),
                headers)
            .as((t, etag, size, h) -> new DataVersion(t, false, etag, size, h));
    Arbitrary<DataVersion> data = Arbitraries.oneOf(bodies, clocks.map(DataVersion::tombstone));
    Arbitrary<ContentType> types =
        Combinators.combine(clocks, Arbitraries.of("", "x", "y")).as(ContentType::new);
    Arbitrary<Metadata> metadata = Combinators.combine(clocks, headers).as(Metadata::new);
    return Combinators.combine(data, types, metadata).as(ObjectState::new);
  }
}
