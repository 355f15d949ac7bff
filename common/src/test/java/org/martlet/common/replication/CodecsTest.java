package org.martlet.common.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.Timestamp;

class CodecsTest {
  private static final ObjectHash HASH = new ObjectHash(0x0123456789abcdefL, -2);

  @Property(tries = 200)
  void digestsReadBackAsTheyWereWritten(
      @ForAll("seeds") SortedMapSeed seed, @ForAll long high, @ForAll long low) {
    SortedMap<Integer, Digest> digests = new TreeMap<>();
    seed.numbers().forEach(number -> digests.put(number, new Digest(high ^ number, low)));
    assertThat(DigestTable.decode(DigestTable.encode(digests))).isEqualTo(digests);
  }

  record SortedMapSeed(List<Integer> numbers) {}

  @Provide
  Arbitrary<SortedMapSeed> seeds() {
    return Arbitraries.integers().greaterOrEqual(0).list().ofMaxSize(50).map(SortedMapSeed::new);
  }

  @Property(tries = 200)
  void recordsReadBackAsTheyWereWritten(@ForAll("entries") List<RecordEntry> entries) {
    assertThat(RecordList.decode(RecordList.encode(entries))).isEqualTo(entries);
  }

  @Provide
  Arbitrary<List<RecordEntry>> entries() {
    Arbitrary<Timestamp> clocks =
        Combinators.combine(
                Arbitraries.longs().between(0, Timestamp.MAX_TICKS),
                Arbitraries.longs().greaterOrEqual(0))
            .as(Timestamp::new);
    Arbitrary<DataClock> data =
        Combinators.combine(
                clocks, Arbitraries.of(true, false), Arbitraries.longs().greaterOrEqual(0))
            .as(
                (clock, deleted, number) ->
                    deleted
                        ? DataClock.tombstone(clock)
                        : new DataClock(clock, false, new BodyEtag(number, -number), number));
    return Combinators.combine(data, clocks, clocks, Arbitraries.integers(), Arbitraries.longs())
        .as(
            (d, type, metadata, tag, number) ->
                new RecordEntry(
                    new ObjectHash(number, ~number),
                    new RecordClocks(d, type, metadata, tag),
                    number))
        .list()
        .ofMaxSize(20);
  }

  @Example
  void resultsReadBackAsTheyWereWritten() {
    RecordClocks clocks =
        new RecordClocks(
            DataClock.tombstone(Timestamp.ofTicks(7)), Timestamp.ZERO, Timestamp.ZERO, -1);
    List<MergeResult> merged = new ArrayList<>();
    for (MergeResult.Outcome outcome : MergeResult.Outcome.values()) {
      merged.add(new MergeResult(outcome, clocks));
      merged.add(new MergeResult(outcome, null));
    }
    assertThat(MergeResult.decode(MergeResult.encode(merged))).isEqualTo(merged);
    List<ForgetItem.Outcome> forgotten = Arrays.asList(ForgetItem.Outcome.values());
    assertThat(ForgetItem.decodeOutcomes(ForgetItem.encodeOutcomes(forgotten)))
        .isEqualTo(forgotten);
    List<ForgetItem> items = List.of(new ForgetItem(HASH, 1), new ForgetItem(HASH, -1));
    assertThat(ForgetItem.decode(ForgetItem.encode(items))).isEqualTo(items);
    assertThat(HashList.decode(HashList.encode(List.of(HASH)))).containsExactly(HASH);
    List<ListingEntry> listings = List.of(new ListingEntry(HASH, new Digest(3, 4)));
    assertThat(ListingEntry.decode(ListingEntry.encode(listings))).isEqualTo(listings);
  }

  @Example
  void frameHeadsReadBackAsTheyWereWritten() {
    FrameHead head = new FrameHead(HASH, 5, true, 100, FrameHead.OMITTED, -7);
    ByteBuffer bytes = ByteBuffer.allocate(FrameHead.BYTES);
    head.write(bytes);
    assertThat(bytes.remaining()).isZero();
    assertThat(FrameHead.read(bytes.flip())).isEqualTo(head);
    assertThat(head.frameBytes()).isEqualTo(FrameHead.BYTES + 100);
  }

  @Example
  void partsOfListingsReadBackAsTheyWereWritten() {
    RowDigest.Page page =
        new RowDigest.Page(
            List.of(new RowDigest("a", true, 7, -1), new RowDigest("é/日", false, 0, 2)), "é/日");
    assertThat(RowDigest.Page.decode(page.encode())).isEqualTo(page);
    List<String> names = List.of("", "x", "\u0000reserved");
    assertThat(RowNames.decode(RowNames.encode(names))).isEqualTo(names);
    ListingPart part =
        new ListingPart(
            ByteBuffer.wrap(new byte[] {1, 2}),
            List.of(new ListingPart.Row("a", ByteBuffer.wrap(new byte[] {3}))));
    assertThat(ListingPart.decode(part.encode())).isEqualTo(part);
    List<Digest> leaves = new ArrayList<>();
    for (int n = 0; n < ListingSummary.LEAVES; n++) {
      leaves.add(new Digest(n, -n));
    }
    ListingSummary summary = new ListingSummary(new Digest(1, 2), Digest.ZERO, leaves);
    assertThat(summary.encode()).hasSize(ListingSummary.BYTES);
    assertThat(ListingSummary.decode(summary.encode())).isEqualTo(summary);
  }

  @Property(tries = 300)
  void aDamagedPartOfAListingIsRefusedOrReadAsAnother(@ForAll int at, @ForAll byte with) {
    ListingPart part =
        new ListingPart(
            ByteBuffer.wrap(new byte[] {1, 2}),
            List.of(new ListingPart.Row("name", ByteBuffer.wrap(new byte[] {3}))));
    byte[] bytes = part.encode();
    bytes[Math.floorMod(at, bytes.length)] = with;
    try {
      assertThat(ListingPart.decode(bytes).rows()).hasSizeLessThanOrEqualTo(1);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }

  @Property(tries = 300)
  void whateverIsDamagedIsRefusedOrReadAsAnotherListButNeverOverflows(
      @ForAll("entries") List<RecordEntry> entries, @ForAll int at, @ForAll byte with) {
    byte[] bytes = RecordList.encode(entries);
    bytes[Math.floorMod(at, bytes.length)] = with;
    try {
      assertThat(RecordList.decode(bytes)).hasSameSizeAs(entries);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }

  @Example
  void aListThatSaysThatItIsHugeIsRefusedBeforeAnythingIsAllocated() {
    byte[] bytes = HashList.encode(List.of(HASH));
    ByteBuffer.wrap(bytes).putInt(4, Integer.MAX_VALUE);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HashList.decode(bytes))
        .withMessageContaining("2147483647 items in 24 bytes");
    ByteBuffer.wrap(bytes).putInt(4, -1);
    assertThatIllegalArgumentException().isThrownBy(() -> HashList.decode(bytes));
  }

  @Example
  void aListOfAnotherKindOrVersionIsRefused() {
    byte[] bytes = HashList.encode(List.of(HASH));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecordList.decode(bytes))
        .withMessage("this is no list MRL");
    bytes[3] = 2;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HashList.decode(bytes))
        .withMessage("a list MHL of version 2");
  }

  @Example
  void aFrameOfImpossibleSizesIsRefused() {
    ByteBuffer bytes = ByteBuffer.allocate(FrameHead.BYTES);
    new FrameHead(HASH, 5, false, 100, 0, 0).write(bytes);
    bytes.flip().putInt(29, FrameHead.MAX_RECORD_BYTES + 1);
    assertThatIllegalArgumentException().isThrownBy(() -> FrameHead.read(bytes));
    bytes.rewind().putInt(29, 100).putLong(33, -2);
    assertThatIllegalArgumentException().isThrownBy(() -> FrameHead.read(bytes));
  }
}
