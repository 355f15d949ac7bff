package org.martlet.replicator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.martlet.common.replication.RecordClocks;
import org.martlet.common.replication.RecordClocks.Order;

class RecordClocksTest {
  @Property(tries = 1000)
  void coverOnlyStatesThatAreContained(
      @ForAll("states") ModelState a, @ForAll("states") ModelState b) {
    if (a.clocks().covers(b.clocks())) {
      assertThat(a.contains(b)).isTrue();
    }
  }

  @Property(tries = 1000)
  void coverWhatIsContainedWhereverNoClocksTie(
      @ForAll("states") ModelState a, @ForAll("states") ModelState b) {
    boolean tie =
        a.data().equals(b.data()) || a.typeAt().equals(b.typeAt()) || a.metaAt().equals(b.metaAt());
    if (!tie) {
      assertThat(a.clocks().covers(b.clocks())).isEqualTo(a.contains(b));
    }
  }

  @Property(tries = 1000)
  void haveAnOrderThatReadsTheSameFromBothSides(
      @ForAll("states") ModelState a, @ForAll("states") ModelState b) {
    Order backwards =
        switch (a.clocks().orderTo(b.clocks())) {
          case SAME -> Order.SAME;
          case NEWER -> Order.OLDER;
          case OLDER -> Order.NEWER;
          case APART -> Order.APART;
        };
    assertThat(b.clocks().orderTo(a.clocks())).isEqualTo(backwards);
    assertThat(a.clocks().orderTo(b.clocks()) == Order.SAME).isEqualTo(a.equals(b));
  }

  @Example
  void leaveOpenWhetherALaterPostStandsOnTheSamePut() {
    ModelState put = ModelState.put(1, 1, 1);
    RecordClocks posted = put.post(2, 2).clocks();
    assertThat(posted.orderTo(put.clocks())).isEqualTo(Order.NEWER);
    assertThat(posted.covers(put.clocks())).isFalse();
    assertThat(ModelState.put(2, 1, 1).clocks().covers(put.clocks())).isTrue();
  }

  @Example
  void areApartWhereOneHasTheLaterBodyAndTheOtherTheLaterPost() {
    RecordClocks body = ModelState.put(3, 1, 1).clocks();
    RecordClocks post = ModelState.put(1, 1, 1).post(4, 2).clocks();
    assertThat(body.orderTo(post)).isEqualTo(Order.APART);
  }

  @Example
  void putATombstoneOverABodyOfTheSameMoment() {
    RecordClocks body = ModelState.put(3, 1, 0).clocks();
    assertThat(ModelState.tombstone(3).clocks().orderTo(body)).isEqualTo(Order.NEWER);
  }

  @Provide
  Arbitrary<ModelState> states() {
    return ModelState.any();
  }
}
