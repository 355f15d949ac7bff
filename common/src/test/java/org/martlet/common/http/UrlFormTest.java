package org.martlet.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlFormTest {
  @ParameterizedTest
  @CsvSource({
    "/v1/a, account",
    "/v1/a/, account",
    "/v1/a?format=json&x=/b/c, account",
    "/v1/a/c, container",
    "/v1/a/c/?prefix=x/y, container",
    "/v1/a/c/o, object",
    "/v1.0/a/c/o, object",
    "/v1/a/c/pictures/2024/cat.jpg, object",
    "/v1/a/c/p/q/r/s/t/u, object",
    "/v1/, other",
    "/v1, other",
    "/healthcheck, other",
    "/info, other",
    "/auth/v1.0, other",
    "/v2/a/c/o, other",
    "*, other",
    "http://host/v1/a/c/o, other"
  })
  void tellsWhatAClientsRequestIsFor(String target, String resource) {
    assertThat(UrlForm.PUBLIC.resource(target).tag()).isEqualTo(resource);
  }

  @ParameterizedTest
  @CsvSource({
    "/d1/7/a, account",
    "/d1/7/a/c, container",
    "/d1/7/a/c/o, object",
    "/d1/7/a/c/o/with/slashes, object",
    "/d1, batch",
    "/d1/replication/digests?policy=0, replication",
    "/healthcheck, other",
    "/metrics, other",
    "/rings, other",
    "/rings/object.ring.gz, other",
    "/recon/devices, other",
    "/replication/pause, other"
  })
  void tellsWhatAServersRequestIsFor(String target, String resource) {
    assertThat(UrlForm.STORAGE.resource(target).tag()).isEqualTo(resource);
  }
}
