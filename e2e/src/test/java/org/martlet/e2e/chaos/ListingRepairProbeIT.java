package org.martlet.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.e2e.chaos.ProbeCluster.Place;

/// Listings and counts after a failure: every replica of a container and of the account comes to
/// say the same, whatever it missed. Objects are processes of their own here, so that they go on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListingRepairProbeIT {
  private static final byte[] BODY = "content".getBytes(StandardCharsets.UTF_8);

  private ProbeCluster cluster;

  @BeforeAll
  void start(@TempDir Path work) throws IOException {
    cluster = ProbeCluster.start(work, true);
  }

  @AfterEach
  void mend() {
    cluster.startAll();
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private void killListings(Place place) {
    cluster.node(place.node()).process(ChaosNode.LISTINGS).kill();
  }

  private static TreeSet<String> names(HttpResponse<byte[]> answer) {
    return new TreeSet<>(new String(answer.body(), StandardCharsets.UTF_8).lines().toList());
  }

  private void awaitNames(Place place, String what, String... names) {
    cluster.await(
        place,
        "",
        what,
        answer ->
            answer.statusCode() / 100 == 2
                && names(answer).equals(new TreeSet<>(List.of(names)))
                && ObjectReads.header(answer, "X-Container-Object-Count")
                    .equals("" + names.length));
  }

  private void awaitGone(Place place) {
    cluster.await(place, "", "deleted", answer -> answer.statusCode() == 404);
  }

  @Test
  void objectsThatNoContainerServerHeardOfAreListedOnceTheyAreBack() throws IOException {
    cluster.does(201, "PUT", "/later");
    cluster.does(201, "PUT", "/later/before", BODY);
    for (Place each : cluster.primaries("/later")) {
      killListings(each);
    }
    cluster.does(201, "PUT", "/later/meanwhile", BODY);
    cluster.does(204, "DELETE", "/later/before");
    cluster.startAll();
    for (Place each : cluster.primaries("/later")) {
      awaitNames(each, "what is there now", "meanwhile");
    }
  }

  @Test
  void rowsThatWentToDisjointReplicasAreListedByAll() throws IOException {
    cluster.does(201, "PUT", "/brain");
    List<Place> replicas = cluster.primaries("/brain");
    cluster.does(201, "PUT", "/brain/both", BODY);
    killListings(replicas.get(0));
    cluster.does(201, "PUT", "/brain/left", BODY);
    cluster.does(204, "POST", "/brain", "X-Container-Meta-Side", "left");
    cluster.startAll();
    killListings(replicas.get(1));
    killListings(replicas.get(2));
    cluster.does(201, "PUT", "/brain/right", BODY);
    cluster.does(204, "DELETE", "/brain/both");
    cluster.startAll();
    for (Place each : replicas) {
      awaitNames(each, "the union", "left", "right");
      cluster.await(
          each,
          "",
          "metadata",
          answer -> ObjectReads.header(answer, "X-Container-Meta-Side").equals("left"));
    }
  }

  @Test
  void aContainerThatWasMadeWithoutAPrimaryIsThereToo() throws IOException {
    Place late = cluster.primaries("/made").getFirst();
    killListings(late);
    cluster.does(201, "PUT", "/made", "X-Container-Meta-V", "one");
    cluster.does(201, "PUT", "/made/o", BODY);
    cluster.startAll();
    for (Place each : cluster.primaries("/made")) {
      awaitNames(each, "the container and its row", "o");
      cluster.await(
          each,
          "",
          "metadata",
          answer -> ObjectReads.header(answer, "X-Container-Meta-V").equals("one"));
    }
  }

  @Test
  void aContainerThatWasDeletedWithoutAPrimaryIsGoneThereTooAndLeavesTheAccount()
      throws IOException {
    cluster.does(201, "PUT", "/gone");
    cluster.does(201, "PUT", "/gone/o", BODY);
    for (Place each : cluster.primaries("/gone")) {
      awaitNames(each, "its row", "o");
    }
    Place late = cluster.primaries("/gone").getLast();
    killListings(late);
    cluster.does(204, "DELETE", "/gone/o");
    awaitDeletable("/gone");
    cluster.startAll();
    for (Place each : cluster.primaries("/gone")) {
      awaitGone(each);
    }
    for (Place each : cluster.primaries("")) {
      cluster.await(
          each,
          "",
          "an account without it",
          answer -> answer.statusCode() / 100 == 2 && !names(answer).contains("gone"));
    }
    assertThat(cluster.send("GET", "/gone", new byte[0]).statusCode()).isEqualTo(404);
  }

  /// A container server may hear of the last object's deletion late.
  private void awaitDeletable(String container) {
    boolean deleted =
        Pause.until(
            ProbeCluster.PATIENCE_MILLIS,
            () -> {
              try {
                return cluster.send("DELETE", container, new byte[0]).statusCode() == 204;
              } catch (IOException e) {
                return false;
              }
            });
    assertThat(deleted).isTrue();
  }

  @Test
  void accountsListWhatWasMadeAndForgetWhatWasDeletedWithoutThem() throws IOException {
    cluster.does(201, "PUT", "/orphan-old");
    for (Place each : cluster.primaries("")) {
      awaitListed(each, "orphan-old", true);
    }
    Place late = cluster.primaries("").getFirst();
    killListings(late);
    cluster.does(201, "PUT", "/orphan-new");
    cluster.does(201, "PUT", "/orphan-new/o", BODY);
    awaitDeletable("/orphan-old");
    cluster.startAll();
    for (Place each : cluster.primaries("")) {
      awaitListed(each, "orphan-new", true);
      awaitListed(each, "orphan-old", false);
      cluster.await(
          each,
          "?format=json",
          "its count",
          answer -> {
            long[] counts =
                new Listing(new Findings(System.out)).containers(answer.body()).get("orphan-new");
            return counts != null && counts[0] == 1 && counts[1] == BODY.length;
          });
    }
  }

  private void awaitListed(Place account, String container, boolean listed) {
    cluster.await(
        account,
        "",
        container + (listed ? " listed" : " not listed"),
        answer -> answer.statusCode() / 100 == 2 && names(answer).contains(container) == listed);
  }
}
