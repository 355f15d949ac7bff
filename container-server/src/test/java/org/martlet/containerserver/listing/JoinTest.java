package org.martlet.containerserver.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.martlet.common.kv.KeyValueFault;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ContainerStat;
import org.martlet.common.protocol.Incarnation;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.protocol.RowsClock;

/// Rows and listing state are joins, and are read back as they were written.
class JoinTest {
  @Property(tries = 300)
  void objectRowsMergeInAnyOrder(
      @ForAll("rows") ListingRow a, @ForAll("rows") ListingRow b, @ForAll("rows") ListingRow c) {
    RowType<ListingRow> rows = RowType.OBJECTS;
    assertThat(rows.merge(a, b)).isEqualTo(rows.merge(b, a));
    assertThat(rows.merge(rows.merge(a, b), c)).isEqualTo(rows.merge(a, rows.merge(b, c)));
    assertThat(rows.merge(a, a)).isEqualTo(a);
    assertThat(rows.merge(rows.merge(a, b), b)).isEqualTo(rows.merge(a, b));
  }

  @Property(tries = 300)
  void containerRowsMergeInAnyOrder(
      @ForAll("stats") ContainerStat a,
      @ForAll("stats") ContainerStat b,
      @ForAll("stats") ContainerStat c) {
    RowType<ContainerStat> rows = RowType.CONTAINERS;
    assertThat(rows.merge(a, b)).isEqualTo(rows.merge(b, a));
    assertThat(rows.merge(rows.merge(a, b), c)).isEqualTo(rows.merge(a, rows.merge(b, c)));
    assertThat(rows.merge(a, a)).isEqualTo(a);
    assertThat(rows.merge(rows.merge(a, b), b)).isEqualTo(rows.merge(a, b));
  }

  @Property(tries = 300)
  void listingStateMergesInAnyOrder(
      @ForAll("infos") ListingInfo a,
      @ForAll("infos") ListingInfo b,
      @ForAll("infos") ListingInfo c) {
    assertThat(ListingInfo.merge(a, b)).isEqualTo(ListingInfo.merge(b, a));
    assertThat(ListingInfo.merge(ListingInfo.merge(a, b), c))
        .isEqualTo(ListingInfo.merge(a, ListingInfo.merge(b, c)));
    assertThat(ListingInfo.merge(a, a)).isEqualTo(a);
  }

  @Property(tries = 300)
  void aLaterPutMakesADeletedRowLiveAgainAndALaterDeleteDeletesIt(@ForAll("rows") ListingRow row) {
    Timestamp later = row.data().nextTick();
    ListingRow deletion =
        new ListingRow(row.name(), later, later, later, true, 0, "", "", row.policy());
    ListingRow put =
        new ListingRow(row.name(), later, later, later, false, 7, "e", "t", row.policy());
    assertThat(RowType.OBJECTS.merge(row, deletion).deleted()).isTrue();
    assertThat(RowType.OBJECTS.merge(row, put).deleted()).isFalse();
    assertThat(RowType.OBJECTS.merge(put, deletion).deleted()).isTrue();
  }

  @Property(tries = 300)
  void objectRowsAreReadBackAsWritten(@ForAll("rows") ListingRow row) throws KeyValueFault {
    assertThat(RowType.OBJECTS.decode(row.name(), RowType.OBJECTS.encode(row))).isEqualTo(row);
  }

  @Property(tries = 300)
  void containerRowsAreReadBackAsWritten(@ForAll("stats") ContainerStat row) throws KeyValueFault {
    assertThat(RowType.CONTAINERS.decode(row.name(), RowType.CONTAINERS.encode(row)))
        .isEqualTo(row);
  }

  @Property(tries = 300)
  void listingStateIsReadBackAsWritten(@ForAll("infos") ListingInfo info) throws KeyValueFault {
    assertThat(ListingInfo.decode(info.encode())).isEqualTo(info);
  }

  @Property(tries = 300)
  void bytesThatAreNoRecordAreCorrupt(@ForAll byte[] bytes) {
    assertThat(isReadOrCorrupt(() -> RowType.OBJECTS.decode("n", bytes))).isTrue();
    assertThat(isReadOrCorrupt(() -> RowType.CONTAINERS.decode("n", bytes))).isTrue();
    assertThat(isReadOrCorrupt(() -> ListingInfo.decode(bytes))).isTrue();
    assertThat(isReadOrCorrupt(() -> Totals.decode(bytes))).isTrue();
  }

  private interface Decoding {
    Object decode() throws KeyValueFault;
  }

  private static boolean isReadOrCorrupt(Decoding decoding) {
    try {
      return decoding.decode() != null;
    } catch (KeyValueFault e) {
      return e.kind() == KeyValueFault.Kind.CORRUPT;
    }
  }

  @Provide
  Arbitrary<ListingRow> rows() {
    Arbitrary<Boolean> deleted = Arbitraries.of(true, false);
    Arbitrary<Long> sizes = Arbitraries.of(0L, 1L, 5_000_000_000L);
    Arbitrary<String> etags =
        Arbitraries.of("", "d41d8cd98f00b204e9800998ecf8427e", "D41D", "a; slo_etag=b");
    Arbitrary<String> types = Arbitraries.of("", "text/plain", "text/html; charset=\u00e9");
    return Combinators.combine(clocks(), clocks(), clocks(), deleted, sizes, etags, types)
        .as(
            (data, type, metadata, gone, size, etag, contentType) ->
                new ListingRow(
                    "name", data, type, metadata, gone, size, etag, contentType, (int) (size % 3)));
  }

  @Provide
  Arbitrary<ContainerStat> stats() {
    return Combinators.combine(clocks(), clocks(), lives(), counted())
        .flatAs(
            (put, deleted, life, counted) ->
                usage().map(u -> new ContainerStat("c", put, deleted, life, counted, u)));
  }

  private Arbitrary<Incarnation> lives() {
    return Combinators.combine(clocks(), clocks(), Arbitraries.integers().between(0, 2))
        .as(Incarnation::new);
  }

  private Arbitrary<RowsClock> counted() {
    Arbitrary<BigInteger> weights =
        Arbitraries.of(
            BigInteger.ZERO,
            BigInteger.ONE,
            BigInteger.valueOf(200),
            BigInteger.ONE.shiftLeft(250));
    return Combinators.combine(clocks(), weights).as(RowsClock::new);
  }

  private static Arbitrary<SortedMap<Integer, ContainerStat.Usage>> usage() {
    Arbitrary<ContainerStat.Usage> usage =
        Combinators.combine(
                Arbitraries.longs().between(0, 2), Arbitraries.longs().between(0, 1L << 40))
            .as(ContainerStat.Usage::new);
    return Arbitraries.maps(Arbitraries.integers().between(0, 3), usage)
        .ofMaxSize(3)
        .map(TreeMap::new);
  }

  @Provide
  Arbitrary<ListingInfo> infos() {
    Arbitrary<MetadataValue> values =
        Combinators.combine(Arbitraries.of("", "a", "b"), clocks()).as(MetadataValue::new);
    Arbitrary<SortedMap<String, MetadataValue>> metadata =
        Arbitraries.maps(Arbitraries.of("x-container-meta-a", "x-container-read"), values)
            .map(TreeMap::new);
    ObjectPath path = ObjectPath.container("a", "c");
    Arbitrary<RowsClock> forgotten = clocks().list().ofMaxSize(3).map(RowsClock.ZERO::forgetting);
    return Combinators.combine(clocks(), clocks(), clocks(), lives(), forgotten, metadata)
        .as(
            (created, put, deleted, life, gone, entries) ->
                new ListingInfo(path, created, put, deleted, life, gone, entries));
  }

  private static Arbitrary<Timestamp> clocks() {
    return Combinators.combine(
            Arbitraries.longs().between(100, 104), Arbitraries.longs().between(0, 1))
        .as(Timestamp::new);
  }
}
