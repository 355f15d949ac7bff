package org.martlet.common.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;

class UpdateBatchTest {
  private static final ObjectPath CONTAINER = ObjectPath.container("AUTH_test", "c ü");

  @Property(tries = 300)
  void rowsComeBackAsTheyWereSent(@ForAll("rows") List<ListingRow> rows) {
    List<UpdateBatch.RowUpdate> updates = List.of(new UpdateBatch.RowUpdate(CONTAINER, rows));
    assertThat(UpdateBatch.decodeRows(UpdateBatch.encodeRows(updates))).isEqualTo(updates);
  }

  @Provide
  Arbitrary<List<ListingRow>> rows() {
    Arbitrary<Timestamp> clock =
        Combinators.combine(
                Arbitraries.longs().between(0, Timestamp.MAX_TICKS),
                Arbitraries.longs().between(0, 3))
            .as(Timestamp::new);
    Arbitrary<String> name = Arbitraries.strings().ofMinLength(1).ofMaxLength(20);
    return Combinators.combine(name, clock, clock, clock, Arbitraries.of(true, false), name)
        .as(
            (n, data, type, meta, deleted, text) ->
                new ListingRow(
                    n,
                    data,
                    type,
                    meta,
                    deleted,
                    deleted ? 0 : 7,
                    deleted ? "" : "e",
                    deleted ? "" : text,
                    1))
        .list()
        .ofMaxSize(20);
  }

  @Test
  void statisticsComeBackAsTheyWereSent() {
    TreeMap<Integer, ContainerStat.Usage> usage = new TreeMap<>();
    usage.put(0, new ContainerStat.Usage(5, 1L << 40));
    usage.put(3, ContainerStat.Usage.NONE);
    List<UpdateBatch.StatUpdate> updates =
        List.of(
            new UpdateBatch.StatUpdate(
                ObjectPath.account("AUTH_test"),
                List.of(
                    new ContainerStat(
                        "c",
                        Timestamp.parse("5"),
                        Timestamp.ZERO,
                        new Incarnation(Timestamp.parse("4"), Timestamp.parse("5"), 3),
                        new RowsClock(Timestamp.parse("6"), BigInteger.ONE.shiftLeft(200)),
                        usage))));
    assertThat(UpdateBatch.decodeStats(UpdateBatch.encodeStats(updates))).isEqualTo(updates);
  }

  @Test
  void resultsKeepTheirOrder() {
    assertThat(UpdateBatch.decodeResults(UpdateBatch.encodeResults(List.of(201, 404, 507)), 3))
        .containsExactly(201, 404, 507);
  }

  @Test
  void refusesResultsOfAnotherLength() {
    byte[] two = UpdateBatch.encodeResults(List.of(201, 201));
    assertThatThrownBy(() -> UpdateBatch.decodeResults(two, 3))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "[]",
        "7",
        "{}",
        "{\"version\":3,\"updates\":[]}",
        "{\"version\":2}",
        "{\"version\":2,\"updates\":[7]}",
        "{\"version\":2,\"updates\":[{\"account\":\"a\",\"container\":\"c\"}]}",
        "{\"version\":2,\"updates\":[{\"account\":\"a\",\"container\":\"c/d\",\"rows\":[]}]}",
        "{\"version\":2,\"updates\":[{\"account\":\"a\",\"container\":\"c\",\"rows\":[{\"name\":\"o\"}]}]}",
        "{\"version\":2,\"updates\":[{\"account\":\"a\",\"container\":\"c\",\"rows\":[{\"name\":\"o\",\"data\":\"x\",\"policy\":0}]}]}",
        "{\"version\":2,\"updates\":[{\"account\":\"a\",\"container\":\"c\",\"rows\":[{\"name\":\"o\",\"data\":\"1\",\"deleted\":true,\"policy\":-1}]}]}",
        "{\"version\":2,\"updates\":[{\"account\":\"a\",\"container\":\"c\",\"rows\":[{\"name\":\"o\",\"data\":\"1\",\"deleted\":true,\"policy\":5000000000}]}]}"
      })
  void refusesWhatIsNotABatch(String body) {
    assertThatThrownBy(() -> UpdateBatch.decodeRows(body.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesTooManyRows() {
    ListingRow row =
        new ListingRow("o", Timestamp.ZERO, Timestamp.ZERO, Timestamp.ZERO, true, 0, "", "", 0);
    byte[] body =
        UpdateBatch.encodeRows(
            List.of(
                new UpdateBatch.RowUpdate(
                    CONTAINER, Collections.nCopies(UpdateBatch.MAX_ROWS + 1, row))));
    assertThatThrownBy(() -> UpdateBatch.decodeRows(body)).hasMessageContaining("rows");
  }
}
