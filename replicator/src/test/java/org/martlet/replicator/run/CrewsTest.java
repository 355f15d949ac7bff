package org.martlet.replicator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CrewsTest {
  /// A comparison with a peer that lacks everything takes hours.
  @Test
  void noKindOfWorkWaitsForAnotherToEnd() throws Exception {
    Crews crews = Crews.of(1);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread comparison =
        Thread.ofVirtual().start(() -> run(crews.comparisons(), () -> hold(begun, end)));
    begun.await();
    CountDownLatch others = new CountDownLatch(3);
    for (Crew crew : List.of(crews.repairs(), crews.catchUps(), crews.handoffs())) {
      Thread.ofVirtual().start(() -> run(crew, others::countDown));
    }
    assertThat(others.await(20, TimeUnit.SECONDS)).isTrue();
    end.countDown();
    comparison.join();
  }

  private static void run(Crew crew, Runnable step) {
    try {
      crew.each(List.of(1), item -> step.run());
    } catch (LocalFault e) {
      throw new AssertionError(e);
    }
  }

  private static void hold(CountDownLatch begun, CountDownLatch end) {
    begun.countDown();
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
