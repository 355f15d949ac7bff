package org.martlet.proxyserver.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.common.protocol.StoragePolicy;

class ListingTest {
  private static final String OBJECTS =
      """
      [{"name":"a<&\\u0001\\n.txt","hash":"d41d8cd98f00b204e9800998ecf8427e","bytes":12,\
      "content_type":"text/plain","last_modified":"2026-11-22T10:11:12.123456"},\
      {"subdir":"photos/\\""}]""";
  private static final String CONTAINERS =
      """
      [{"name":"é","count":3,"bytes":12,"last_modified":"2026-11-22T10:11:12.123456",\
      "storage_policy_index":1},{"subdir":"x/"}]""";

  private final StoragePolicies policies =
      new StoragePolicies(
          List.of(
              new StoragePolicy(0, "gold", true, false),
              new StoragePolicy(1, "silver", false, false)));
  private final ListingAnswers answers = new ListingAnswers(policies, Runnable::run);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "none | text/plain",
        "'' | text/plain",
        "*/* | text/plain",
        "application/json | application/json",
        "application/xml | application/xml",
        "text/xml | text/xml",
        "text/* | text/plain",
        "application/* | application/json",
        "text/plain;q=0.5, application/json;q=0.9 | application/json",
        "text/html, application/xml;q=0.8, */*;q=0.1 | application/xml",
        "*/*;q=0.9, text/xml;q=0.9 | text/xml",
        "application/json; charset=utf-8 | application/json",
      })
  void acceptChoosesTheForm(String accept, String wanted) {
    RequestContext request =
        accept == null
            ? Requests.of("GET", "/v1/a")
            : Requests.of("GET", "/v1/a", "Accept", accept);
    assertThat(ListingFormat.of(request).contentType()).isEqualTo(wanted + "; charset=utf-8");
  }

  @ParameterizedTest
  @CsvSource({"json,JSON", "JSON,JSON", "xml,XML", "plain,TEXT", "text,TEXT", "foo,TEXT"})
  void formatWinsOverAccept(String format, ListingFormat wanted) {
    RequestContext request = Requests.of("GET", "/v1/a?format=" + format, "Accept", "image/png");
    assertThat(ListingFormat.of(request)).isEqualTo(wanted);
  }

  @Test
  void nothingThatIsAcceptedIs406() {
    assertStatus(406, Requests.of("GET", "/v1/a", "Accept", "image/png"));
    assertStatus(406, Requests.of("GET", "/v1/a", "Accept", "text/html,image/*"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "text/plain;q", "text/plain;q=x", "/", "a b/c", "text/plain,,"})
  void anAcceptThatMakesNoSenseIs400(String accept) {
    assertStatus(400, Requests.of("GET", "/v1/a", "Accept", accept));
  }

  private static void assertStatus(int status, RequestContext request) {
    assertThatThrownBy(() -> ListingFormat.of(request))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(status));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | format=json&limit=10000",
        "limit=5 | format=json&limit=5",
        "limit=10000 | format=json&limit=10000",
        "limit=0 | format=json&limit=0",
        "limit=abc | format=json&limit=10000",
        "limit=-1 | format=json&limit=10000",
        "marker=a%20b&end_marker=z | format=json&limit=10000&marker=a%20b&end_marker=z",
        "prefix=x%2Fy&delimiter=%2F | format=json&limit=10000&prefix=x%2Fy&delimiter=%2F",
        "path= | format=json&limit=10000&path=",
        "reverse=on&format=xml | format=json&limit=10000&reverse=true",
        "reverse=no&other=1 | format=json&limit=10000",
      })
  void whatServersAreAskedIsWhatTheyUnderstand(String query, String wanted) {
    assertThat(ListingQuery.forServers(QueryParameters.parse(query), 10_000)).isEqualTo(wanted);
  }

  @ParameterizedTest
  @CsvSource({"limit=10001,412", "limit=99999999999999999999,412", "prefix=%ff,400"})
  void aQueryPastTheLimitsIsRefused(String query, int status) {
    assertThatThrownBy(() -> ListingQuery.forServers(QueryParameters.parse(query), 10_000))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(status));
  }

  @Test
  void aContainerAsTextHasANameALine() throws IOException {
    Response response = container(ListingFormat.TEXT, OBJECTS);
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers().get("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(response.headers().get("Vary")).isEqualTo("Accept");
    assertThat(Requests.text(response)).isEqualTo("a<&\u0001\n.txt\nphotos/\"\n");
  }

  @Test
  void aContainerAsXmlEscapesNames() throws IOException {
    assertThat(Requests.text(container(ListingFormat.XML, OBJECTS)))
        .isEqualTo(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <container name="c"><object><name>a&lt;&amp;�&#10;.txt</name>\
            <hash>d41d8cd98f00b204e9800998ecf8427e</hash><bytes>12</bytes>\
            <content_type>text/plain</content_type>\
            <last_modified>2026-11-22T10:11:12.123456</last_modified></object>\
            <subdir name="photos/&quot;"><name>photos/&quot;</name></subdir></container>""");
  }

  @Test
  void aContainerAsJsonIsWhatTheServerSent() throws IOException {
    Response response = container(ListingFormat.JSON, OBJECTS);
    assertThat(response.headers().get("Content-Type")).isEqualTo("application/json; charset=utf-8");
    assertThat(response.headers().get("X-Storage-Policy")).isEqualTo("silver");
    assertThat(Requests.text(response)).isEqualTo(OBJECTS);
  }

  @Test
  void anEmptyContainerIs204AsTextOnly() throws IOException {
    assertThat(container(ListingFormat.TEXT, "[]").status()).isEqualTo(204);
    assertThat(container(ListingFormat.JSON, "[]").status()).isEqualTo(200);
    Response xml = container(ListingFormat.TEXT_XML, "[]");
    assertThat(xml.status()).isEqualTo(200);
    assertThat(Requests.text(xml)).endsWith("<container name=\"c\"></container>");
  }

  @Test
  void anAccountNamesThePolicyOfEachContainer() throws IOException {
    assertThat(Requests.text(account(ListingFormat.JSON, CONTAINERS)))
        .isEqualTo(
            """
            [{"name":"é","count":3,"bytes":12,"last_modified":"2026-11-22T10:11:12.123456",\
            "storage_policy":"silver"}, {"subdir":"x/"}]""");
    assertThat(Requests.text(account(ListingFormat.XML, CONTAINERS)))
        .isEqualTo(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <account name="a"><container><name>é</name><count>3</count><bytes>12</bytes>\
            <last_modified>2026-11-22T10:11:12.123456</last_modified>\
            <storage_policy>silver</storage_policy></container>\
            <subdir name="x/" /></account>""");
    assertThat(Requests.text(account(ListingFormat.TEXT, CONTAINERS))).isEqualTo("é\nx/\n");
  }

  @Property(tries = 20)
  void aListingOfAnyLengthIsWhole(@ForAll @IntRange(max = 6000) int rows) throws IOException {
    StringBuilder json = new StringBuilder("[");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      json.append(i == 0 ? "" : ",").append("{\"name\":\"object-name-").append(i).append("\"}");
      text.append("object-name-").append(i).append('\n');
    }
    Response response = container(ListingFormat.TEXT, json.append(']').toString());
    assertThat(response.body().length()).isIn((long) text.length(), -1L);
    assertThat(Requests.text(response)).isEqualTo(text.toString());
  }

  @Test
  void aListingThatBreaksOffIsAFault() throws IOException {
    StringBuilder json = new StringBuilder("[");
    for (int i = 0; i < 20_000; i++) {
      json.append("{\"name\":\"object-name-").append(i).append("\"},");
    }
    Response response = container(ListingFormat.TEXT, json.toString());
    assertThatThrownBy(() -> Requests.text(response)).isInstanceOf(CompletionException.class);
    assertThatThrownBy(() -> container(ListingFormat.TEXT, "[{\"name\":"))
        .isInstanceOf(IOException.class);
  }

  private Response container(ListingFormat format, String json) throws IOException {
    RequestContext request = Requests.of("GET", "/v1/a/c");
    request.route(ObjectPath.container("a", "c"));
    return answers.container(request, format, answer(json, "X-Backend-Storage-Policy-Index", "1"));
  }

  private Response account(ListingFormat format, String json) throws IOException {
    RequestContext request = Requests.of("GET", "/v1/a");
    request.route(ObjectPath.account("a"));
    return answers.account(request, format, answer(json));
  }

  private static Response answer(String json, String... headers) {
    return new Response(200, Headers.of(headers), Body.of(json.getBytes(StandardCharsets.UTF_8)));
  }
}
