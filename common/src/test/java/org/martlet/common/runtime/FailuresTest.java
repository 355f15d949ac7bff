package org.martlet.common.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailuresTest {
  private final IOException inner = new IOException("disk", new RuntimeException("deeper"));

  @Test
  void whatFuturesWrapIsTakenOutHoweverOftenTheyDo() {
    assertThat(Failures.cause(new ExecutionException(new CompletionException(inner))))
        .isSameAs(inner);
  }

  @Test
  void whatIsNotWrappedStaysAsItIs() {
    assertThat(Failures.cause(inner)).isSameAs(inner);
    CompletionException empty = new CompletionException("nothing inside", null);
    assertThat(Failures.cause(empty)).isSameAs(empty);
  }
}
