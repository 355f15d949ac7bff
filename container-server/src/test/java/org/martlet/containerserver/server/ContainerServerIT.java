package org.martlet.containerserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.protocol.UpdateBatch;
import org.martlet.containerserver.server.TestCluster.Answer;

/// The container service over HTTP, as Swift's proxies and our own speak to it.
class ContainerServerIT {
  private static final String ACCOUNT = "/d1/7/AUTH_test";
  private static final String CONTAINER = "/d1/9/AUTH_test/c";

  @TempDir private Path directory;
  private TestCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = TestCluster.on(directory);
    assertThat(cluster.account("PUT", ACCOUNT, "X-Timestamp", "0000000001.00000").status())
        .isEqualTo(201);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private Answer put(String at, String... more) {
    List<String> headers = new ArrayList<>(List.of("X-Timestamp", at));
    headers.addAll(List.of(more));
    return cluster.container("PUT", CONTAINER, headers.toArray(String[]::new));
  }

  private Answer putRow(String name, String at, long size, String... more) {
    List<String> headers =
        new ArrayList<>(
            List.of(
                "X-Timestamp",
                at,
                "X-Size",
                Long.toString(size),
                "X-Etag",
                "d41d8cd98f00b204e9800998ecf8427e",
                "X-Content-Type",
                "text/plain"));
    headers.addAll(List.of(more));
    return cluster.container("PUT", CONTAINER + "/" + name, headers.toArray(String[]::new));
  }

  @Test
  void aContainerIsCreatedOnceAndItsAccountKnowsAtOnce() {
    Answer created = put("0000000002.00000");
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("X-Backend-Storage-Policy-Index")).isEqualTo("0");
    assertThat(put("0000000003.00000").status()).isEqualTo(202);

    Answer account = cluster.account("GET", ACCOUNT + "?format=json");
    assertThat(account.status()).isEqualTo(200);
    assertThat(account.body())
        .contains("\"name\":\"c\"", "\"count\":0", "\"bytes\":0", "\"storage_policy_index\":0")
        .contains("\"last_modified\":\"1970-01-01T00:00:02.000000\"");
    assertThat(account.header("X-Account-Container-Count")).isEqualTo("1");
    assertThat(account.header("X-Account-Storage-Policy-gold-Container-Count")).isEqualTo("1");
  }

  @Test
  void aContainerWithoutAnAccountIsAnswered404() {
    Answer answer =
        cluster.container("PUT", "/d1/9/AUTH_none/c", "X-Timestamp", "0000000002.00000");
    assertThat(answer.status()).isEqualTo(404);
  }

  @Test
  void accountsThatBeginWithADotAreCreatedByTheirContainers() {
    Answer answer = cluster.container("PUT", "/d1/9/.expiring/c", "X-Timestamp", "2");
    assertThat(answer.status()).isEqualTo(201);
    assertThat(cluster.account("HEAD", "/d1/7/.expiring").status()).isEqualTo(204);
  }

  @Test
  void rowsAreListedCountedAndDeleted() {
    put("0000000002.00000");
    assertThat(putRow("b", "0000000003.12345", 10).status()).isEqualTo(201);
    assertThat(putRow("a%2Fx%20y", "0000000003.00000", 5).status()).isEqualTo(201);
    Answer listing = cluster.container("GET", CONTAINER + "?format=json");
    assertThat(listing.body())
        .isEqualTo(
            "[{\"name\":\"a/x y\",\"bytes\":5,\"hash\":\"d41d8cd98f00b204e9800998ecf8427e\","
                + "\"content_type\":\"text/plain\","
                + "\"last_modified\":\"1970-01-01T00:00:03.000000\"},"
                + "{\"name\":\"b\",\"bytes\":10,\"hash\":\"d41d8cd98f00b204e9800998ecf8427e\","
                + "\"content_type\":\"text/plain\","
                + "\"last_modified\":\"1970-01-01T00:00:03.123450\"}]");
    assertThat(listing.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
    assertThat(listing.header("X-Container-Object-Count")).isEqualTo("2");
    assertThat(listing.header("X-Container-Bytes-Used")).isEqualTo("15");
    assertThat(listing.header("X-Backend-Record-Type")).isEqualTo("object");

    assertThat(cluster.container("DELETE", CONTAINER, "X-Timestamp", "9").status()).isEqualTo(409);
    assertThat(cluster.container("DELETE", CONTAINER + "/b", "X-Timestamp", "4").status())
        .isEqualTo(204);
    assertThat(cluster.container("GET", CONTAINER).body()).isEqualTo("a/x y\n");
    cluster.container("DELETE", CONTAINER + "/a/x%20y", "X-Timestamp", "4");
    assertThat(cluster.container("GET", CONTAINER).status()).isEqualTo(204);
    assertThat(cluster.container("DELETE", CONTAINER, "X-Timestamp", "9").status()).isEqualTo(204);
    Answer gone = cluster.container("HEAD", CONTAINER);
    assertThat(gone.status()).isEqualTo(404);
    assertThat(gone.header("X-Backend-DELETE-Timestamp")).isEqualTo("0000000009.00000");
    assertThat(cluster.account("GET", ACCOUNT).status()).isEqualTo(204);
    assertThat(cluster.container("DELETE", CONTAINER, "X-Timestamp", "10").status()).isEqualTo(404);
  }

  @Test
  void listingsHavePseudoDirectoriesInEveryForm() {
    put("0000000002.00000");
    putRow("photos/a", "0000000003.00000", 1);
    putRow("%26", "0000000003.00000", 1, "X-Meta-Timestamp", "0000000004.00000");
    String query = "?delimiter=/&format=";
    assertThat(cluster.container("GET", CONTAINER + query + "plain").body())
        .isEqualTo("&\nphotos/\n");
    assertThat(cluster.container("GET", CONTAINER + query + "json").body())
        .contains("\"last_modified\":\"1970-01-01T00:00:04.000000\"")
        .contains("{\"subdir\":\"photos/\"}");
    assertThat(cluster.container("GET", CONTAINER + query + "xml").body())
        .isEqualTo(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<container name=\"c\"><object>"
                + "<name>&amp;</name><hash>d41d8cd98f00b204e9800998ecf8427e</hash>"
                + "<bytes>1</bytes><content_type>text/plain</content_type>"
                + "<last_modified>1970-01-01T00:00:04.000000</last_modified></object>"
                + "<subdir name=\"photos/\"><name>photos/</name></subdir></container>");
  }

  @Test
  void metadataIsKeptByTheLaterClockAndRemovedByAnEmptyValue() {
    put("0000000002.00000", "X-Container-Meta-Color", "red", "X-Container-Read", ".r:*");
    assertThat(
            cluster
                .container("POST", CONTAINER, "X-Timestamp", "4", "X-Container-Meta-Color", "blue")
                .status())
        .isEqualTo(204);
    cluster.container("POST", CONTAINER, "X-Timestamp", "3", "X-Container-Meta-Color", "green");
    Answer head = cluster.container("HEAD", CONTAINER);
    assertThat(head.status()).isEqualTo(204);
    assertThat(head.header("X-Container-Meta-Color")).isEqualTo("blue");
    assertThat(head.header("X-Container-Read")).isEqualTo(".r:*");
    assertThat(head.header("X-PUT-Timestamp")).isEqualTo("0000000004.00000");
    assertThat(head.header("Last-Modified")).isEqualTo("Thu, 01 Jan 1970 00:00:04 GMT");
    cluster.container("POST", CONTAINER, "X-Timestamp", "5", "X-Container-Meta-Color", "");
    assertThat(cluster.container("HEAD", CONTAINER).header("X-Container-Meta-Color"))
        .isEqualTo("-");
  }

  @Test
  void thePolicyIsFixedUntilTheContainerIsDeleted() {
    assertThat(put("2", "X-Backend-Storage-Policy-Index", "1").status()).isEqualTo(201);
    Answer conflict = put("3", "X-Backend-Storage-Policy-Index", "0");
    assertThat(conflict.status()).isEqualTo(409);
    assertThat(conflict.header("X-Backend-Storage-Policy-Index")).isEqualTo("1");
    assertThat(put("4", "X-Backend-Storage-Policy-Default", "0").status()).isEqualTo(202);
    assertThat(put("5", "X-Backend-Storage-Policy-Index", "7").status()).isEqualTo(400);
    cluster.container("DELETE", CONTAINER, "X-Timestamp", "6");
    assertThat(put("5").status()).isEqualTo(409);
    Answer again = put("7", "X-Backend-Storage-Policy-Default", "0");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.header("X-Backend-Storage-Policy-Index")).isEqualTo("0");
  }

  @Test
  void aBatchUpdatesManyContainersAndSaysWhichAreMissing() {
    put("0000000002.00000");
    Timestamp at = Timestamp.ofTicks(300_000);
    ListingRow row = new ListingRow("o", at, at, at, false, 3, "e", "t", 0);
    byte[] batch =
        UpdateBatch.encodeRows(
            List.of(
                new UpdateBatch.RowUpdate(ObjectPath.container("AUTH_test", "c"), List.of(row)),
                new UpdateBatch.RowUpdate(
                    ObjectPath.container("AUTH_test", "none"), List.of(row))));
    Answer answer = cluster.container("UPDATE", "/d1", batch);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(UpdateBatch.decodeResults(answer.body().getBytes(StandardCharsets.UTF_8), 2))
        .containsExactly(201, 404);
    assertThat(cluster.container("GET", CONTAINER).body()).isEqualTo("o\n");
  }

  @Test
  void badRequestsAreRefusedWithTheRightCode() {
    put("0000000002.00000");
    assertThat(cluster.unsigned("GET", CONTAINER).status()).isEqualTo(401);
    assertThat(cluster.unsigned("GET", "/healthcheck").body()).isEqualTo("OK");
    assertThat(cluster.unsigned("GET", "/recon/martlet/devices").body())
        .contains(
            "\"device\":\"d1\",\"state\":\"online\"",
            "\"device\":\"missing\",\"state\":\"offline\"");
    assertThat(cluster.container("GET", "/nowhere/1/a/c").status()).isEqualTo(507);
    assertThat(cluster.container("GET", "/missing/1/a/c").status()).isEqualTo(507);
    assertThat(cluster.container("PUT", "/unmounted/1/a/c", "X-Timestamp", "1").status())
        .isEqualTo(507);
    assertThat(directory.resolve("unmounted")).isEmptyDirectory();
    assertThat(cluster.container("GET", "/d1/x/a/c").status()).isEqualTo(400);
    assertThat(cluster.container("GET", "/d1/1/a%FF/c").status()).isEqualTo(412);
    assertThat(cluster.container("GET", "/d1/1/a/x%00").status()).isEqualTo(412);
    assertThat(cluster.container("GET", "/d1/1/a/%00x").status()).isEqualTo(400);
    assertThat(cluster.container("GET", CONTAINER + "?limit=10001").status()).isEqualTo(412);
    assertThat(cluster.container("GET", CONTAINER + "?limit=x").status()).isEqualTo(204);
    assertThat(cluster.container("GET", CONTAINER + "?marker=%FF").status()).isEqualTo(400);
    assertThat(cluster.container("PUT", CONTAINER).status()).isEqualTo(400);
    assertThat(cluster.container("PUT", CONTAINER, "X-Timestamp", "x").status()).isEqualTo(400);
    assertThat(cluster.container("PATCH", CONTAINER).header("Allow")).contains("PUT");
    assertThat(cluster.container("GET", CONTAINER, "Accept", "image/png").status()).isEqualTo(406);
    assertThat(cluster.container("UPDATE", "/d1", new byte[] {'{'}).status()).isEqualTo(400);
    assertThat(cluster.container("POST", "/d1/1/a/none", "X-Timestamp", "3").status())
        .isEqualTo(404);
    assertThat(putRow("%00r", "3", 1, "X-Backend-Allow-Reserved-Names", "true").status())
        .isEqualTo(400);
  }

  @Test
  void aDeletedAccountStaysDeletedAndItsNameIsNotFree() {
    put("0000000002.00000");
    cluster.account("POST", ACCOUNT, "X-Timestamp", "3", "X-Account-Meta-A", "b");
    assertThat(cluster.account("HEAD", ACCOUNT).header("X-Account-Meta-A")).isEqualTo("b");
    assertThat(cluster.account("PUT", ACCOUNT, "X-Timestamp", "4").status()).isEqualTo(202);
    Answer deleted = cluster.account("DELETE", ACCOUNT, "X-Timestamp", "5");
    assertThat(deleted.status()).isEqualTo(204);
    assertThat(deleted.header("X-Account-Status")).isEqualTo("Deleted");
    Answer head = cluster.account("HEAD", ACCOUNT);
    assertThat(head.status()).isEqualTo(404);
    assertThat(head.header("X-Account-Status")).isEqualTo("Deleted");
    assertThat(cluster.account("GET", ACCOUNT).status()).isEqualTo(404);
    Answer left = cluster.account("GET", ACCOUNT, "X-Backend-Show-Deleted", "true");
    assertThat(left.status()).isEqualTo(200);
    assertThat(left.header("X-Account-Status")).isEqualTo("Deleted");
    assertThat(left.header("X-Backend-DELETE-Timestamp")).isEqualTo("0000000005.00000");
    assertThat(cluster.account("PUT", ACCOUNT, "X-Timestamp", "6").status()).isEqualTo(403);
    assertThat(put("0000000007.00000").status()).isEqualTo(202);
  }

  @Test
  void anAccountTakesSingleRowsAsSwiftSendsThem() {
    String[] row = {
      "X-Put-Timestamp", "3", "X-Delete-Timestamp", "0", "X-Object-Count", "2",
      "X-Bytes-Used", "30", "X-Backend-Storage-Policy-Index", "1", "X-Timestamp", "3"
    };
    assertThat(cluster.account("PUT", ACCOUNT + "/x", row).status()).isEqualTo(201);
    assertThat(cluster.account("PUT", "/d1/7/AUTH_none/x", row).status()).isEqualTo(404);
    Answer head = cluster.account("HEAD", ACCOUNT);
    assertThat(head.header("X-Account-Object-Count")).isEqualTo("2");
    assertThat(head.header("X-Account-Storage-Policy-silver-Bytes-Used")).isEqualTo("30");
    row[3] = "4";
    row[5] = "0";
    row[11] = "4";
    assertThat(cluster.account("PUT", ACCOUNT + "/x", row).status()).isEqualTo(204);
    assertThat(cluster.account("HEAD", ACCOUNT).header("X-Account-Container-Count")).isEqualTo("0");
  }
}
