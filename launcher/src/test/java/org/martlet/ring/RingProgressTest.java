package org.martlet.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.martlet.common.http.Endpoint;
import tools.jackson.databind.json.JsonMapper;

class RingProgressTest {
  private static RingServers.Server server(String host, String rings) {
    return new RingServers.Server(
        new Endpoint(host, 6200), JsonMapper.shared().readTree("{\"rings\":" + rings + "}"), null);
  }

  private static RingProgress of(RingServers.Server... servers) {
    return RingProgress.of(Map.of("object", 7L), List.of(servers));
  }

  @Test
  void isDoneWhenAllHaveTheNewestAndHaveMoved() {
    RingProgress progress =
        of(
            server("n1", "{\"object\":{\"version\":7,\"settled\":true,\"complete\":true}}"),
            server("n2", "{\"object\":{\"version\":7,\"settled\":true,\"complete\":true}}"));

    assertThat(progress.isDone()).isTrue();
    assertThat(progress.words()).isEqualTo("object: all moved");
  }

  @Test
  void oneThatLagsHasNotMovedWhateverItSays() {
    RingProgress progress =
        of(
            server("n1", "{\"object\":{\"version\":7,\"settled\":true,\"complete\":true}}"),
            server("n2", "{\"object\":{\"version\":6,\"settled\":true,\"complete\":true}}"));

    assertThat(progress.isDone()).isFalse();
    assertThat(progress.words()).isEqualTo("object version 7: not yet at n2:6200");
  }

  @Test
  void namesThoseThatStillMoveData() {
    RingProgress progress =
        of(
            server("n1", "{\"object\":{\"version\":7,\"settled\":false}}"),
            server("n2", "{\"object\":{\"version\":7,\"settled\":true,\"complete\":true}}"));

    assertThat(progress.isDone()).isFalse();
    assertThat(progress.words()).isEqualTo("object version 7: 1 of 2 servers move data: n1:6200");
  }

  @Test
  void oneThatDoesNotAnswerMayHoldData() {
    RingProgress progress =
        of(
            server("n1", "{\"object\":{\"version\":7,\"settled\":true,\"complete\":true}}"),
            new RingServers.Server(new Endpoint("n2", 6200), null, "no answer"));

    assertThat(progress.isDone()).isFalse();
    assertThat(progress.words())
        .isEqualTo("object: all moved | no answer from n2:6200 (no answer)");
  }

  @Test
  void namesThoseThatMayHaveWhatOthersLack() {
    RingProgress progress =
        of(
            server("n1", "{\"object\":{\"version\":7,\"settled\":true,\"complete\":false}}"),
            server("n2", "{\"object\":{\"version\":7,\"settled\":true,\"complete\":true}}"));

    assertThat(progress.isDone()).isFalse();
    assertThat(progress.words())
        .isEqualTo("object version 7: 1 of 2 servers look for missing copies: n1:6200");
  }

  @Test
  void aServerThatDoesNotSayWhetherItHasMovedHasNot() {
    assertThat(of(server("n1", "{\"object\":{\"version\":7,\"complete\":true}}")).isDone())
        .isFalse();
    assertThat(of(server("n1", "{\"object\":{\"version\":7,\"settled\":true}}")).isDone())
        .isFalse();
  }

  @Test
  void theRingOfThisMachineMayBeNewerThanThatOfAnyServer() {
    RingProgress progress =
        of(server("n1", "{\"object\":{\"version\":6,\"settled\":true,\"complete\":true}}"));

    assertThat(progress.isDone()).isFalse();
    assertThat(progress.words()).isEqualTo("object version 7: not yet at n1:6200");
  }

  @Test
  void aServerThatDoesNotKnowARingIsBehind() {
    RingProgress progress =
        of(
            server("n1", "{\"object\":{\"version\":7,\"settled\":true,\"complete\":true}}"),
            server("n2", "{}"));

    assertThat(progress.isDone()).isFalse();
    assertThat(progress.words()).isEqualTo("object version 7: not yet at n2:6200");
  }

  @Test
  void whereNobodyIsAskedNothingIsDone() {
    assertThat(of().isDone()).isFalse();
  }
}
