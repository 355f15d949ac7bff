package org.martlet.proxyserver.backend;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Body;
import org.martlet.common.http.Response;
import org.martlet.common.ring.RingDevice;

/// Asks every primary and waits for all of them: for questions where each answer counts.
final class AllAnswers {
  private AllAnswers() {}

  /// @param atMost a backstop; the transport's own timeouts come first
  static List<BackendAnswer> of(
      BackendClient client, Placement placement, BackendRequest request, Duration atMost)
      throws InterruptedException {
    List<CompletableFuture<Optional<BackendAnswer>>> answers = new ArrayList<>();
    for (RingDevice device : placement.primaries()) {
      BackendNode node = new BackendNode(device, placement.partition(), false);
      answers.add(
          client
              .send(node, answers.size(), request)
              .response()
              .handle((response, problem) -> heard(client, node, request, response, problem)));
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]));
    try {
      all.get(2 * atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // Whoever has not answered by now is left out, as one that failed.
      return given(answers);
    } catch (ExecutionException e) {
      throw new IllegalStateException("an answer could not be counted", e.getCause());
    }
    return given(answers);
  }

  private static List<BackendAnswer> given(
      List<CompletableFuture<Optional<BackendAnswer>>> answers) {
    return answers.stream()
        .filter(CompletableFuture::isDone)
        .flatMap(answer -> answer.join().stream())
        .toList();
  }

  private static Optional<BackendAnswer> heard(
      BackendClient client,
      BackendNode node,
      BackendRequest request,
      @Nullable Response response,
      @Nullable Throwable problem) {
    if (response == null) {
      if (problem != null) {
        client.note(node, problem);
      }
      return Optional.empty();
    }
    UnwantedBody.discard(response.body());
    int status = client.vote(node, request, response).status();
    return status >= 500
        ? Optional.empty()
        : Optional.of(
            new BackendAnswer(status, response.headers(), Body.empty(), Optional.of(node)));
  }
}
