package org.martlet.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.model.ObjectPath;
import org.martlet.e2e.chaos.ProbeCluster.Place;

/// What storage nodes do by themselves, over real HTTP to each other: delete what has expired,
/// empty deleted accounts, move objects out of a wrong storage policy. Always some of them are down
/// meanwhile.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceProbeIT {
  private static final byte[] NOTHING = new byte[0];
  private static final byte[] BODY = "content".getBytes(StandardCharsets.UTF_8);

  private ProbeCluster cluster;

  @BeforeAll
  void start(@TempDir Path work) throws IOException {
    cluster = ProbeCluster.start(work, true, 2);
  }

  @AfterEach
  void mend() {
    cluster.startAll();
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private static byte[] content(String of, int size) {
    byte[] bytes = new byte[size];
    new Random(of.hashCode()).nextBytes(bytes);
    return bytes;
  }

  private static boolean has(HttpResponse<byte[]> answer, byte[] body) {
    return answer.statusCode() == 200 && Arrays.equals(answer.body(), body);
  }

  private static boolean isTombstone(HttpResponse<byte[]> answer) {
    return answer.statusCode() == 404
        && !ObjectReads.header(answer, "X-Backend-Timestamp").isEmpty();
  }

  private static TreeSet<String> names(HttpResponse<byte[]> answer) {
    return new TreeSet<>(new String(answer.body(), StandardCharsets.UTF_8).lines().toList());
  }

  private void awaitAll(
      List<Place> places, String what, Predicate<HttpResponse<byte[]>> wanted, String... headers) {
    for (Place each : places) {
      cluster.await(each, "", what, wanted, headers);
    }
  }

  /// Every replica of the container lists exactly these, and every replica of the account has them
  /// counted once.
  private void awaitListed(String container, long bytes, String... names) {
    awaitAll(
        cluster.primaries(container),
        "exactly " + List.of(names),
        answer ->
            answer.statusCode() / 100 == 2
                && names(answer).equals(new TreeSet<>(List.of(names)))
                && ObjectReads.header(answer, "X-Container-Object-Count").equals("" + names.length)
                && ObjectReads.header(answer, "X-Container-Bytes-Used").equals("" + bytes));
    for (Place account : cluster.primaries("")) {
      cluster.await(
          account,
          "?format=json",
          names.length + " objects, " + bytes + " bytes in " + container,
          answer -> {
            long[] counts =
                new Listing(new Findings(System.out))
                    .containers(answer.body())
                    .get(container.substring(1));
            return counts != null && counts[0] == names.length && counts[1] == bytes;
          });
    }
  }

  private static long secondsFromNow(int seconds) {
    return Instant.now().getEpochSecond() + seconds;
  }

  private static void awaitSecond(long second) {
    long millis = Duration.between(Instant.now(), Instant.ofEpochSecond(second)).toMillis();
    Pause.millis(Math.max(0, millis) + 1);
  }

  @Test
  void whatExpiredIsUnreadableAtOnceAndSoonGoneFromDevicesListingsAndCounts() throws IOException {
    cluster.does(201, "PUT", "/expiring");
    cluster.does(201, "PUT", "/expiring/stays", BODY);
    long end = secondsFromNow(8);
    cluster.does(201, "PUT", "/expiring/ends", BODY, "X-Delete-At", "" + end);
    awaitSecond(end);
    assertThat(cluster.send("GET", "/expiring/ends", NOTHING).statusCode()).isEqualTo(404);
    assertThat(cluster.send("GET", "/expiring/stays", NOTHING).statusCode()).isEqualTo(200);
    awaitAll(
        cluster.primaries("/expiring/ends"),
        "a tombstone at its end",
        answer -> endedAt(answer, end));
    awaitListed("/expiring", BODY.length, "stays");
  }

  /// Whoever deletes it makes the same tombstone.
  private static boolean endedAt(HttpResponse<byte[]> answer, long end) {
    return isTombstone(answer)
        && ObjectReads.header(answer, "X-Backend-Timestamp").startsWith(end + ".");
  }

  @Test
  void anExtensionThatTheFirstPrimaryMissedIsHonouredAndItLearnsWhatExpiredMeanwhile()
      throws IOException {
    cluster.does(201, "PUT", "/extending");
    String extended = "/extending/extended";
    Place late = cluster.primaries(extended).getFirst();
    String ended = anotherOn(late, "/extending/ended");
    long end = secondsFromNow(12);
    cluster.does(201, "PUT", extended, BODY, "X-Delete-At", "" + end);
    cluster.does(201, "PUT", ended, BODY, "X-Delete-At", "" + end);
    cluster.node(late.node()).process(ChaosNode.OBJECTS).kill();
    cluster.does(202, "POST", extended, "X-Delete-After", "3600", "X-Object-Meta-V", "longer");
    awaitAll(cluster.primaries(ended).subList(1, 3), "a tombstone", answer -> endedAt(answer, end));
    // Now it comes back with an object that is due by what it knows, and is the one to act.
    cluster.startAll();
    awaitAll(cluster.primaries(ended), "a tombstone", answer -> endedAt(answer, end));
    awaitServicePass(late);
    awaitAll(
        cluster.primaries(extended),
        "the extended object",
        answer ->
            has(answer, BODY) && ObjectReads.header(answer, "X-Object-Meta-V").equals("longer"));
    assertThat(has(cluster.send("GET", extended, NOTHING), BODY)).isTrue();
    awaitListed("/extending", BODY.length, "extended");
  }

  /// A path whose first primary is the same.
  private String anotherOn(Place first, String prefix) {
    for (int i = 0; ; i++) {
      if (cluster.primaries(prefix + i).getFirst().node() == first.node()) {
        return prefix + i;
      }
    }
  }

  private void awaitServicePass(Place objects) {
    Place status = new Place(objects.node(), objects.address(), "/recon/martlet/replication", 0);
    cluster.await(
        status,
        "",
        "a pass of the expirer",
        answer ->
            new String(answer.body(), StandardCharsets.UTF_8)
                .matches("(?s).*\"service\":\"expirer\"[^}]*\"last_pass\":\"20.*"));
  }

  @Test
  void aDeletedAccountIsEmptiedAlsoOnANodeThatWasDown() throws IOException {
    String name = "AUTH_reaped";
    ProxyClient admin = new ProxyClient(cluster.cluster().url(), name, "admin:admin", "admin");
    must(201, admin.send("PUT", "", NOTHING));
    List<ObjectPath> objects = new ArrayList<>();
    for (int policy = 0; policy < 2; policy++) {
      String container = "/c" + policy;
      must(
          201,
          admin.send(
              "PUT", container, NOTHING, "X-Storage-Policy", ClusterFiles.policyName(policy)));
      for (int i = 0; i < 5; i++) {
        must(201, admin.send("PUT", container + "/o" + i, content(container, 100 + 40_000 * i)));
        objects.add(ObjectPath.object(name, "c" + policy, "o" + i));
      }
    }
    ObjectPath account = ObjectPath.account(name);
    Place late = cluster.primaries(account, 0).getFirst();
    cluster.node(late.node()).kill();
    must(204, admin.send("DELETE", "", NOTHING));
    awaitObjectsGone(objects, late.node());
    cluster.startAll();
    awaitObjectsGone(objects, 0);
    awaitContainersGone(account);
    assertThat(admin.send("GET", "", NOTHING).statusCode()).isEqualTo(410);
    assertThat(admin.send("GET", "/c0/o0", NOTHING).statusCode()).isEqualTo(404);
  }

  private static void must(int status, HttpResponse<byte[]> answer) {
    assertThat(answer.statusCode()).as(answer.request().toString()).isEqualTo(status);
  }

  /// @param down a node that is not asked
  private void awaitObjectsGone(List<ObjectPath> objects, int down) {
    for (ObjectPath object : objects) {
      int policy = Integer.parseInt(String.valueOf(object.container()).substring(1));
      awaitAll(
          cluster.primaries(object, policy).stream().filter(at -> at.node() != down).toList(),
          "a tombstone",
          ServiceProbeIT::isTombstone);
    }
  }

  /// Only when nobody is away, who might know of another object, are containers deleted.
  private void awaitContainersGone(ObjectPath account) {
    for (String container : List.of("c0", "c1")) {
      awaitAll(
          cluster.primaries(ObjectPath.container(account.account(), container), 0),
          "a deleted container",
          answer -> answer.statusCode() == 404);
    }
    awaitAll(
        cluster.primaries(account, 0),
        "a deleted account without containers",
        answer ->
            answer.statusCode() / 100 == 2
                && answer.body().length == 0
                && ObjectReads.header(answer, "X-Account-Status").equals("Deleted")
                && ObjectReads.header(answer, "X-Account-Container-Count").equals("0"),
        "X-Backend-Show-Deleted",
        "true");
  }

  @Test
  void objectsOfAContainerThatWasMadeTwiceEndInOnePolicyAndAreCountedOnce() throws IOException {
    List<Place> left = cluster.primaries("/split").subList(0, 2);
    List<Place> right = List.of(cluster.primaries("/split").get(2), cluster.handoff("/split"));
    cluster.does(201, "PUT", "/exists-before-the-account-is-split");
    killListings(right);
    cluster.does(201, "PUT", "/split", "X-Storage-Policy", ClusterFiles.policyName(0));
    for (String name : List.of("left", "overwritten", "deleted")) {
      cluster.does(201, "PUT", "/split/" + name, content("left of " + name, 1000));
    }
    killListings(left);
    right.forEach(place -> cluster.node(place.node()).launch(Map.of()));
    awaitAll(right, "started", answer -> answer.statusCode() == 404);
    cluster.does(201, "PUT", "/split", "X-Storage-Policy", ClusterFiles.policyName(1));
    for (String name : List.of("right", "overwritten", "deleted")) {
      cluster.does(201, "PUT", "/split/" + name, rightBody(name));
    }
    cluster.does(202, "POST", "/split/right", "X-Object-Meta-V", "posted");
    cluster.does(204, "DELETE", "/split/deleted");
    cluster.startAll();
    awaitMoved("left", content("left of left", 1000), "");
    awaitMoved("right", rightBody("right"), "posted");
    awaitMoved("overwritten", rightBody("overwritten"), "");
    awaitDeleted();
    awaitListed("/split", 1000 + 2 * 300_000, "left", "overwritten", "right");
    awaitAll(
        cluster.primaries("/split"),
        "nothing in the other policy",
        answer -> answer.statusCode() / 100 == 2 && names(answer).isEmpty(),
        "X-Backend-Storage-Policy-Index",
        "1");
    // This proxy relies for a minute on what it last knew of a container, unless it changes it.
    cluster.does(204, "POST", "/split", "X-Container-Meta-Seen", "yes");
    for (String name : List.of("left", "right", "overwritten")) {
      assertThat(cluster.send("GET", "/split/" + name, NOTHING).statusCode()).isEqualTo(200);
    }
  }

  private void killListings(List<Place> places) {
    places.forEach(place -> cluster.node(place.node()).process(ChaosNode.LISTINGS).kill());
  }

  private static byte[] rightBody(String name) {
    return content("right of " + name, 300_000);
  }

  private static ObjectPath split(String name) {
    return ObjectPath.object(ProxyClient.ACCOUNT, "split", name);
  }

  /// The container was made in the first policy before it was made in the second one.
  private void awaitMoved(String name, byte[] body, String meta) {
    awaitAll(
        cluster.primaries(split(name), 0),
        "the object in the policy of its container",
        answer -> has(answer, body) && ObjectReads.header(answer, "X-Object-Meta-V").equals(meta));
    awaitAll(
        cluster.primaries(split(name), 1),
        "nothing in the other policy",
        answer -> answer.statusCode() == 404);
  }

  private void awaitDeleted() {
    for (int policy = 0; policy < 2; policy++) {
      awaitAll(
          cluster.primaries(split("deleted"), policy), "a tombstone", ServiceProbeIT::isTombstone);
    }
  }
}
