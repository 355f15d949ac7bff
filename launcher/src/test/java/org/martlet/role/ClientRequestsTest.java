package org.martlet.role;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientRequestsTest {
  @ParameterizedTest
  @CsvSource({
    "/d1/7/AUTH_test/c/o, true",
    "/d1/7/AUTH_test/replication/o, true",
    "/d1/0/a/c, true",
    "/d1/replication/roots, false",
    "/d1/replication/merge, false",
    "/recon/devices, false",
    "/rings/object.ring.gz, false",
    "/healthcheck, false",
    "/d1, false",
    "/, false",
  })
  void whatIsReplicationOrForOperatorsIsNotOfClients(String path, boolean expected) {
    assertThat(ClientRequests.isOfClients(path)).isEqualTo(expected);
  }
}
