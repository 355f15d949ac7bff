package org.martlet.e2e.chaos;

import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Optional;
import org.martlet.e2e.chaos.ObjectTruth.State;

/// Reads answers about objects: which state they tell, and whether it is one that somebody wrote.
final class ObjectReads {
  private final Findings findings;

  ObjectReads(Findings findings) {
    this.findings = findings;
  }

  /// The state that an answer shows; empty where it shows none (the server could not say).
  ///
  /// @param where for findings: who answered
  /// @param withBody whether the body was asked for
  Optional<State> state(
      String where, ObjectTruth truth, HttpResponse<byte[]> answer, boolean withBody) {
    if (answer.statusCode() == 404) {
      return Optional.of(State.ABSENT);
    }
    if (answer.statusCode() != 200) {
      return Optional.empty();
    }
    int data = Content.operation(header(answer, "Content-Type"));
    int meta = number(header(answer, "X-Object-Meta-Operation"));
    String what = where + " " + truth.container() + "/" + truth.name();
    int latest = truth.operations();
    if (data < 1 || data > latest || meta < data || meta > latest) {
      findings.add("CORRUPT", what + " has data " + data + ", metadata " + meta + " of " + latest);
      return Optional.empty();
    }
    byte[] wanted = Content.body(truth.name(), data);
    if (withBody && !Arrays.equals(wanted, answer.body())) {
      findings.add(
          "CORRUPT",
          what
              + " of operation "
              + data
              + " has wrong bytes, "
              + answer.body().length
              + " of "
              + wanted.length);
    }
    if (!header(answer, "ETag").replace("\"", "").equals(Content.etag(wanted))) {
      findings.add("CORRUPT", what + " has ETag " + header(answer, "ETag"));
    }
    return Optional.of(new State(data, meta));
  }

  static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static int number(String digits) {
    return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : -1;
  }
}
