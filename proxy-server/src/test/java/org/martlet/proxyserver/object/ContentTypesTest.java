package org.martlet.proxyserver.object;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentTypesTest {
  @ParameterizedTest
  @CsvSource({
    "a.txt, text/plain",
    "a.tar.gz, application/x-tar",
    "a.tgz, application/x-tar",
    "a.txt.gz, text/plain",
    "a.gz, application/octet-stream",
    "dir.txt/plain, application/octet-stream",
    "dir/.txt, application/octet-stream",
    "a., application/octet-stream",
    "A.HTML, text/html",
    "x.svgz, image/svg+xml",
  })
  void followsTheLastSuffixThatTellsOfContent(String name, String type) {
    assertThat(ContentTypes.guess(name)).isEqualTo(type);
  }
}
