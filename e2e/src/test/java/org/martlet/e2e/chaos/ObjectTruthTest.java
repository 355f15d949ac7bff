package org.martlet.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.martlet.e2e.chaos.ObjectTruth.State.ABSENT;

import org.junit.jupiter.api.Test;
import org.martlet.e2e.chaos.ObjectTruth.Change;
import org.martlet.e2e.chaos.ObjectTruth.Outcome;
import org.martlet.e2e.chaos.ObjectTruth.State;

class ObjectTruthTest {
  private final ObjectTruth truth = new ObjectTruth("c", "o");

  private void does(Change change, Outcome outcome) {
    truth.end(truth.begin(change), change, outcome);
  }

  @Test
  void anAcknowledgedPutIsAllThatMayBeFound() {
    does(Change.PUT, Outcome.UNKNOWN);
    does(Change.PUT, Outcome.DONE);
    assertThat(truth.possible()).containsExactly(new State(2, 2));
    assertThat(truth.isSurelyThere()).isTrue();
  }

  @Test
  void aPutWithoutAnswerMayBeThereOrNot() {
    does(Change.PUT, Outcome.DONE);
    does(Change.PUT, Outcome.UNKNOWN);
    assertThat(truth.possible()).containsExactlyInAnyOrder(new State(1, 1), new State(2, 2));
  }

  @Test
  void aPostChangesWhateverIsThereAndMakesNothing() {
    does(Change.PUT, Outcome.DONE);
    does(Change.DELETE, Outcome.UNKNOWN);
    does(Change.POST, Outcome.DONE);
    assertThat(truth.possible()).containsExactlyInAnyOrder(new State(1, 3), ABSENT);
    assertThat(truth.isSurelyThere()).isFalse();
  }

  @Test
  void whatIsDeletedIsGoneUntilItIsPutAgain() {
    does(Change.PUT, Outcome.DONE);
    does(Change.DELETE, Outcome.DONE);
    assertThat(truth.isSurelyGone()).isTrue();
    does(Change.POST, Outcome.NOT_DONE);
    assertThat(truth.isSurelyGone()).isTrue();
    does(Change.PUT, Outcome.DONE);
    assertThat(truth.possible()).containsExactly(new State(4, 4));
    assertThat(truth.isSurelyThere()).as("an old tombstone may be met").isFalse();
  }
}
