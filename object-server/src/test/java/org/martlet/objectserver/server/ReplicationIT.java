package org.martlet.objectserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.martlet.common.http.Body;
import org.martlet.common.http.Headers;
import org.martlet.common.model.Digest;
import org.martlet.common.model.ObjectHash;
import org.martlet.common.model.ObjectPath;
import org.martlet.common.model.PathHasher;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ListingRow;
import org.martlet.common.replication.DigestTable;
import org.martlet.common.replication.ForgetItem;
import org.martlet.common.replication.FrameHead;
import org.martlet.common.replication.HashList;
import org.martlet.common.replication.MergeResult;
import org.martlet.common.replication.MergeResult.Outcome;
import org.martlet.common.replication.RecordEntry;
import org.martlet.common.replication.RecordList;
import org.martlet.objectserver.outbox.OutboxConfig;
import org.martlet.objectserver.server.ObjectNode.Answer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Two devices that say to each other over HTTP what replicas do.
class ReplicationIT {
  private static final int PART_POWER = 8;
  private static final String ALL = "from=" + "0".repeat(32) + "&to=" + "f".repeat(32);

  @TempDir private Path root;
  private ObjectNode from;
  private ObjectNode to;

  @BeforeEach
  void start() throws Exception {
    from = node("from");
    to = node("to");
  }

  private ObjectNode node(String name) throws IOException {
    return new ObjectNode(Files.createDirectory(root.resolve(name)), 3, OutboxConfig.DEFAULT);
  }

  @AfterEach
  void stop() {
    for (ObjectNode node : List.of(from, to)) {
      node.close();
      assertThat(node.budget.left()).as("memory given back").isEqualTo(8 << 20);
      assertThat(node.buffers.outstanding()).as("buffers given back").isZero();
    }
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static String timestamp(int second) {
    return (1_700_000_000 + second) + ".00000";
  }

  private static ObjectHash hash(String name) {
    return new PathHasher("", "test").hash(ObjectPath.object("a", "c", name));
  }

  private static void put(ObjectNode node, String name, int second, byte[] body) throws Exception {
    Headers headers =
        Headers.of("X-Timestamp", timestamp(second), "Content-Type", "text/plain")
            .add("X-Backend-No-Listing-Update", "yes");
    assertThat(node.send("PUT", "/a/c/" + name, Body.of(body), headers).status()).isEqualTo(201);
  }

  private static void delete(ObjectNode node, String name, int second) throws Exception {
    node.send(
        "DELETE",
        "/a/c/" + name,
        "X-Timestamp",
        timestamp(second),
        "X-Backend-No-Listing-Update",
        "yes");
  }

  private static Answer ask(ObjectNode node, String method, String what, byte[] body)
      throws Exception {
    return node.exchange(method, "/sda/replication/" + what, Body.of(body), new Headers(), true);
  }

  private static Answer get(ObjectNode node, String what) throws Exception {
    return ask(node, "GET", what, new byte[0]);
  }

  private static byte[] fetch(ObjectNode node, String... names) throws Exception {
    List<ObjectHash> hashes = Arrays.stream(names).map(ReplicationIT::hash).toList();
    Answer answer = ask(node, "POST", "fetch?policy=0", HashList.encode(hashes));
    assertThat(answer.status()).isEqualTo(200);
    return answer.body();
  }

  private static List<FrameReader.Frame> frames(byte[] bytes) {
    List<FrameReader.Frame> frames = new ArrayList<>();
    FrameReader reader = new FrameReader(List.of(ByteBuffer.wrap(bytes)));
    while (reader.hasNext()) {
      frames.add(reader.next());
    }
    return frames;
  }

  private static List<Outcome> merge(ObjectNode node, byte[] frames) throws Exception {
    Answer answer = ask(node, "POST", "merge?policy=0", frames);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return MergeResult.decode(answer.body()).stream().map(MergeResult::outcome).toList();
  }

  private static List<RecordEntry> records(ObjectNode node, String query) throws Exception {
    Answer answer = get(node, "records?policy=0&" + query);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return RecordList.decode(answer.body());
  }

  private static List<ForgetItem.Outcome> forget(
      ObjectNode node, String reason, List<ForgetItem> items) throws Exception {
    Answer answer = ask(node, "POST", "forget?policy=0&reason=" + reason, ForgetItem.encode(items));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return ForgetItem.decodeOutcomes(answer.body());
  }

  private static ForgetItem item(ObjectNode node, String name) throws Exception {
    RecordEntry entry =
        records(node, "from=" + hash(name) + "&to=" + hash(name)).stream()
            .findFirst()
            .orElseThrow();
    return new ForgetItem(entry.hash(), entry.sequence());
  }

  /// A frame without its body.
  private static byte[] withoutBody(byte[] frame) {
    FrameHead head = FrameHead.read(ByteBuffer.wrap(frame));
    ByteBuffer bare = ByteBuffer.allocate(FrameHead.BYTES + head.recordBytes());
    new FrameHead(
            head.hash(),
            head.sequence(),
            head.listingDue(),
            head.recordBytes(),
            FrameHead.OMITTED,
            head.recordCrc())
        .write(bare);
    return bare.put(frame, FrameHead.BYTES, head.recordBytes()).array();
  }

  private void flip(ObjectNode node, String directory, long offset) throws IOException {
    Path device = root.resolve(node == from ? "from" : "to").resolve("sda");
    try (Stream<Path> files = Files.walk(device.resolve(directory))) {
      Path file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(file);
      bytes[(int) offset] ^= 1;
      Files.write(file, bytes);
    }
  }

  private static SortedMap<Integer, Digest> roots(ObjectNode node) throws Exception {
    Answer answer = get(node, "roots?policy=0&part_power=" + PART_POWER);
    assertThat(answer.status()).isEqualTo(200);
    return DigestTable.decode(answer.body());
  }

  @Test
  void whatDiffersIsFoundPushedAndThenTheSame() throws Exception {
    for (int n = 0; n < 20; n++) {
      put(from, "o" + n, 1, bytes(100 * n));
    }
    put(from, "blob", 1, bytes(5 * ObjectNode.INLINE));
    delete(from, "o3", 2);
    put(to, "o5", 1, bytes(500));
    SortedMap<Integer, Digest> ours = roots(from);

    Answer differing =
        ask(to, "POST", "roots?policy=0&part_power=" + PART_POWER, DigestTable.encode(ours));
    SortedMap<Integer, Digest> theirs = DigestTable.decode(differing.body());
    int same = hash("o5").partition(PART_POWER).value();
    SortedMap<Integer, Digest> others = new TreeMap<>(ours);
    others.remove(same);
    assertThat(theirs.keySet()).isEqualTo(others.keySet());
    assertThat(theirs.values()).containsOnly(Digest.ZERO);

    int partition = hash("blob").partition(PART_POWER).value();
    Answer leaves = get(from, "leaves?policy=0&part_power=8&bits=31&partition=" + partition);
    assertThat(leaves.headers().get("X-Backend-Leaf-Bits")).isEqualTo("12");
    assertThat(leaves.headers().get("X-Backend-Primary")).isEqualTo("true");
    assertThat(DigestTable.decode(leaves.body()).keySet())
        .contains(hash("blob").partition(12).value());

    List<ObjectHash> hashes = records(from, ALL).stream().map(RecordEntry::hash).toList();
    assertThat(hashes).hasSize(21).isSorted();
    Answer fetched = ask(from, "POST", "fetch?policy=0", HashList.encode(hashes));
    assertThat(merge(to, fetched.body())).hasSize(21).containsOnly(Outcome.MERGED);

    assertThat(roots(to)).isEqualTo(ours);
    assertThat(to.send("GET", "/a/c/blob").body()).isEqualTo(bytes(5 * ObjectNode.INLINE));
    assertThat(to.send("GET", "/a/c/o7").body()).isEqualTo(bytes(700));
    assertThat(to.send("GET", "/a/c/o3").status()).isEqualTo(404);
    assertThat(merge(to, fetched.body())).as("again").containsOnly(Outcome.MERGED);
    to.stop();
    to.start();
    assertThat(roots(to)).as("after a restart").isEqualTo(ours);
  }

  @Test
  void aBodyIsAskedForWhereItIsNotThere() throws Exception {
    put(from, "o", 1, bytes(1000));
    byte[] bare = withoutBody(fetch(from, "o"));
    assertThat(merge(to, bare)).containsExactly(Outcome.BODY_NEEDED);
    put(to, "o", 1, bytes(1000));
    from.send("POST", "/a/c/o", "X-Timestamp", timestamp(2), "X-Object-Meta-A", "b");
    assertThat(merge(to, withoutBody(fetch(from, "o")))).containsExactly(Outcome.MERGED);
    assertThat(to.send("HEAD", "/a/c/o").headers().get("X-Object-Meta-A")).isEqualTo("b");
  }

  @Test
  void aDeviceThatIsNoPrimaryTakesNothing() throws Exception {
    put(from, "o", 1, bytes(1000));
    to.rings = (policy, hash, name) -> OptionalInt.empty();
    byte[] frame = fetch(from, "o");
    assertThat(merge(to, frame)).containsExactly(Outcome.NOT_PRIMARY);
    Answer single = ask(to, "PUT", "record?policy=0", frame);
    assertThat(MergeResult.decode(single.body()).getFirst().outcome())
        .isEqualTo(Outcome.NOT_PRIMARY);
    assertThat(get(to, "records?policy=0&" + ALL).headers().get("X-Backend-Primary"))
        .isEqualTo("false");
    assertThat(records(to, ALL)).isEmpty();
  }

  @Test
  void aLargeBodyIsStreamed() throws Exception {
    byte[] body = bytes(3 << 20);
    put(from, "large", 1, body);
    FrameReader.Frame batched = frames(fetch(from, "large")).getFirst();
    assertThat(batched.head().bodyBytes()).as("left out").isEqualTo(FrameHead.OMITTED);

    Answer frame = get(from, "record?policy=0&hash=" + hash("large"));
    assertThat(frame.status()).isEqualTo(200);
    Answer merged = ask(to, "PUT", "record?policy=0", frame.body());
    assertThat(MergeResult.decode(merged.body()).getFirst().outcome()).isEqualTo(Outcome.MERGED);
    assertThat(to.send("GET", "/a/c/large").body()).isEqualTo(body);

    byte[] wrong = frame.body().clone();
    wrong[wrong.length - 1] ^= 1;
    ObjectNode third = node("third");
    try {
      Answer refused = ask(third, "PUT", "record?policy=0", wrong);
      assertThat(MergeResult.decode(refused.body()).getFirst().outcome())
          .isEqualTo(Outcome.REFUSED);
      assertThat(records(third, ALL)).isEmpty();
      byte[] cut = Arrays.copyOf(frame.body(), frame.body().length - 1);
      assertThat(ask(third, "PUT", "record?policy=0", cut).status()).isEqualTo(400);
      assertThat(records(third, ALL)).isEmpty();
    } finally {
      third.close();
    }
    assertThat(get(from, "record?policy=0&hash=" + hash("none")).status()).isEqualTo(404);
  }

  @Test
  void aSingleRecordOfAnySizeCanBePushed() throws Exception {
    put(from, "empty", 1, new byte[0]);
    put(from, "small", 1, bytes(1000));
    put(from, "edge", 1, bytes(ObjectNode.INLINE));
    delete(from, "gone", 1);
    for (String name : List.of("empty", "small", "edge", "gone")) {
      byte[] frame = get(from, "record?policy=0&hash=" + hash(name)).body();
      Answer merged = ask(to, "PUT", "record?policy=0", frame);
      assertThat(MergeResult.decode(merged.body()).getFirst().outcome())
          .as(name)
          .isEqualTo(Outcome.MERGED);
    }
    assertThat(roots(to)).isEqualTo(roots(from));
    assertThat(to.send("GET", "/a/c/edge").body()).isEqualTo(bytes(ObjectNode.INLINE));
  }

  @Test
  void whatIsDamagedIsLeftOutAndQueuedForRepair() throws Exception {
    put(from, "blob", 1, bytes(3 * ObjectNode.INLINE));
    put(from, "o", 1, bytes(10));
    flip(from, "blobs", 70_000);
    List<FrameReader.Frame> frames = frames(fetch(from, "blob", "o"));
    assertThat(frames).hasSize(1);
    assertThat(frames.getFirst().head().hash()).isEqualTo(hash("o"));
    assertThat(repairs(from, 0)).containsExactly(hash("blob") + " damaged");
    assertThat(records(from, ALL)).hasSize(1);
  }

  private static List<String> repairs(ObjectNode node, long after) throws Exception {
    JsonNode json =
        JsonMapper.shared().readTree(get(node, "repairs?limit=100&after=" + after).text());
    List<String> found = new ArrayList<>();
    json.path("repairs")
        .forEach(r -> found.add(r.path("hash").asString() + " " + r.path("reason").asString()));
    return found;
  }

  @Test
  void writesInTheSteadOfAPrimaryAreQueuedAndMissedOnesCanBeAdded() throws Exception {
    from.rings =
        (policy, hash, name) -> hash.equals(hash("mine")) ? OptionalInt.of(0) : OptionalInt.empty();
    put(from, "mine", 1, bytes(1));
    put(from, "theirs", 1, bytes(1));
    delete(from, "never", 1);
    assertThat(repairs(from, 0))
        .containsExactly(hash("theirs") + " handoff", hash("never") + " handoff");
    byte[] missed = HashList.encode(List.of(hash("mine")));
    assertThat(ask(from, "POST", "repairs?policy=0", missed).status()).isEqualTo(202);
    assertThat(repairs(from, 0)).hasSize(3).contains(hash("mine") + " missed");
  }

  @Test
  void forgetsOnlyWhatIsUnchangedReportedAndNotItsOwn() throws Exception {
    put(from, "o", 1, bytes(10));
    put(from, "changed", 1, bytes(10));
    delete(from, "deleted", 1);
    ForgetItem kept = item(from, "o");
    ForgetItem changed = item(from, "changed");
    ForgetItem deleted = item(from, "deleted");
    ForgetItem nothing = new ForgetItem(hash("nothing"), 7);
    put(from, "changed", 2, bytes(11));

    assertThat(forget(from, "dropped", List.of(kept)))
        .as("own")
        .containsExactly(ForgetItem.Outcome.CHANGED);
    assertThat(forget(from, "purged", List.of(kept, changed, deleted, nothing)))
        .containsExactly(
            ForgetItem.Outcome.CHANGED,
            ForgetItem.Outcome.CHANGED,
            ForgetItem.Outcome.FORGOTTEN,
            ForgetItem.Outcome.GONE);
    from.rings = (policy, hash, name) -> OptionalInt.empty();
    assertThat(forget(from, "dropped", List.of(kept)))
        .containsExactly(ForgetItem.Outcome.FORGOTTEN);
    assertThat(from.send("GET", "/a/c/o").status()).isEqualTo(404);
    assertThat(ask(from, "POST", "forget?policy=0&reason=x", new byte[0]).status()).isEqualTo(400);
  }

  @Test
  void aMarkThatAListingIsDueTravelsAlongAndKeepsTheCopy() throws Exception {
    from.containers.answerWith(503);
    Headers headers = Headers.of("X-Timestamp", timestamp(1), "Content-Type", "text/plain");
    assertThat(from.send("PUT", "/a/c/o", Body.of(bytes(5)), headers).status()).isEqualTo(201);
    from.rings = (policy, hash, name) -> OptionalInt.empty();
    assertThat(forget(from, "dropped", List.of(item(from, "o"))))
        .containsExactly(ForgetItem.Outcome.LISTING_DUE);
    byte[] frame = fetch(from, "o");
    assertThat(frames(frame).getFirst().head().listingDue()).isTrue();
    to.clock.advance(Duration.ofDays(2));
    assertThat(merge(to, frame)).containsExactly(Outcome.MERGED);
    assertThat(to.containers.nextBatch().rows()).isEqualTo(1);
  }

  private static void putAt(ObjectNode node, String name, Instant at) throws Exception {
    Headers headers =
        Headers.of("X-Timestamp", Timestamp.of(at).internal(), "Content-Type", "text/plain")
            .add("X-Backend-No-Listing-Update", "yes");
    node.send("PUT", "/a/c/" + name, Body.of(bytes(5)), headers);
  }

  private static void postAt(ObjectNode node, String name, Instant at) throws Exception {
    Headers headers =
        Headers.of("X-Timestamp", Timestamp.of(at).internal())
            .add("X-Backend-No-Listing-Update", "yes");
    node.send("POST", "/a/c/" + name, Body.empty(), headers);
  }

  private List<String> namesOfNextBatch() throws InterruptedException {
    return to.containers.nextBatch().updates().stream()
        .flatMap(update -> update.rows().stream())
        .map(ListingRow::name)
        .toList();
  }

  /// Those that had a young change first may have told one container replica alone.
  @Test
  void aPrimaryThatIsBroughtAYoungChangeTellsItsListingToo() throws Exception {
    Instant now = to.clock.instant();
    putAt(from, "young", now.minus(Duration.ofHours(23)));
    assertThat(merge(to, fetch(from, "young"))).containsExactly(Outcome.MERGED);
    assertThat(namesOfNextBatch()).containsExactly("young");

    putAt(from, "posted", now.minus(Duration.ofDays(2)));
    assertThat(merge(to, fetch(from, "posted"))).containsExactly(Outcome.MERGED);
    postAt(from, "posted", now);
    assertThat(merge(to, fetch(from, "posted"))).containsExactly(Outcome.MERGED);
    assertThat(namesOfNextBatch()).containsExactly("posted");
    assertThat(to.containers.batchesWaiting()).isZero();
  }

  @Test
  void anOldTombstoneIsToldForItMayHaveBeenMadeLate() throws Exception {
    Instant then = to.clock.instant().minus(Duration.ofDays(3));
    putAt(from, "ended", then);
    from.send(
        "DELETE",
        "/a/c/ended",
        "X-Timestamp",
        Timestamp.of(then.plusSeconds(1)).internal(),
        "X-Backend-No-Listing-Update",
        "yes");
    assertThat(merge(to, fetch(from, "ended"))).containsExactly(Outcome.MERGED);
    assertThat(namesOfNextBatch()).containsExactly("ended");
  }

  @Test
  void whatListingsHadADayToAgreeOnIsNotTold() throws Exception {
    Instant now = to.clock.instant();
    putAt(from, "old", now.minus(Duration.ofDays(1)).minusSeconds(1));
    assertThat(merge(to, fetch(from, "old"))).containsExactly(Outcome.MERGED);
    putAt(from, "young", now);
    assertThat(merge(to, fetch(from, "young"))).containsExactly(Outcome.MERGED);
    assertThat(namesOfNextBatch()).containsExactly("young");
  }

  private static JsonNode expiring(ObjectNode node, int before, String more) throws Exception {
    String at = Long.toString(1_700_000_000L + before);
    Answer answer = get(node, "expiring?before=" + at + more);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.text());
  }

  private static List<String> names(JsonNode page) {
    List<String> names = new ArrayList<>();
    page.path("objects").forEach(each -> names.add(each.path("object").asString()));
    return names;
  }

  private static void expire(ObjectNode node, String name, int second, int at) throws Exception {
    node.send(
        "POST",
        "/a/c/" + name,
        "X-Timestamp",
        timestamp(second),
        "X-Delete-At",
        Integer.toString(1_700_000_000 + at),
        "X-Backend-No-Listing-Update",
        "yes");
  }

  @Test
  void whatExpiresIsToldInItsOrderAsLongAsItDoes() throws Exception {
    for (String name : List.of("early", "same", "late", "extended", "deleted", "never")) {
      put(from, name, 1, bytes(5));
    }
    expire(from, "late", 2, 5000);
    for (String name : List.of("early", "same", "extended", "deleted")) {
      expire(from, name, 2, 4000);
    }
    expire(from, "early", 3, 3000);
    expire(from, "extended", 3, 9000);
    delete(from, "deleted", 3);
    assertThat(names(expiring(from, 2999, ""))).isEmpty();
    assertThat(names(expiring(from, 6000, ""))).containsExactly("early", "same", "late");
    JsonNode first = expiring(from, 9000, "&limit=3");
    assertThat(first.path("objects").get(0).path("account").asString()).isEqualTo("a");
    assertThat(first.path("objects").get(0).path("container").asString()).isEqualTo("c");
    assertThat(first.path("objects").get(0).path("policy").asInt()).isZero();
    assertThat(first.path("objects").get(0).path("delete_at").asLong()).isEqualTo(1_700_003_000);
    JsonNode rest = expiring(from, 9000, "&limit=3&after=" + first.path("next").asString());
    assertThat(names(rest)).containsExactly("extended");
    assertThat(rest.path("next").isNull()).isTrue();
    assertThat(get(from, "expiring?before=5&after=nonsense").status()).isEqualTo(400);
    assertThat(get(from, "expiring").status()).isEqualTo(400);

    byte[] frames = fetch(from, "late", "extended");
    assertThat(merge(to, frames)).containsOnly(Outcome.MERGED);
    assertThat(names(expiring(to, 9000, ""))).containsExactly("late", "extended");
    to.stop();
    to.start();
    assertThat(names(expiring(to, 9000, ""))).containsExactly("late", "extended");
  }

  @Test
  void aDeviceNotesThatItIsInTouchUntilItWasAwayTooLong() throws Exception {
    assertThat(lastPass(from)).isEqualTo("never");
    assertThat(ask(from, "POST", "in-touch", new byte[0]).status()).isEqualTo(204);
    assertThat(lastPass(from)).isEqualTo(from.clock.instant().toString());
    from.clock.advance(Duration.ofDays(7));
    assertThat(ask(from, "POST", "in-touch", new byte[0]).status()).isEqualTo(204);
    from.stop();
    from.start();
    assertThat(lastPass(from)).isEqualTo(from.clock.instant().toString());
    from.clock.advance(Duration.ofDays(7).plusSeconds(1));
    Answer late = ask(from, "POST", "in-touch", new byte[0]);
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.text()).contains("rejoin-device");
  }

  private static String lastPass(ObjectNode node) throws Exception {
    Answer recon =
        node.exchange("GET", "/recon/martlet/devices", Body.empty(), new Headers(), false);
    JsonNode device = JsonMapper.shared().readTree(recon.text()).path("devices").get(0);
    assertThat(device.path("repairs").path("waiting").asInt()).isZero();
    return device.path("last_pass").asString();
  }

  @Test
  void tombstonesOfAnAgeAreListedPageByPage() throws Exception {
    for (int n = 0; n < 5; n++) {
      delete(from, "d" + n, n);
      put(from, "o" + n, n, bytes(1));
    }
    assertThat(records(from, ALL + "&deleted_before=" + timestamp(3))).hasSize(3);
    List<ObjectHash> found = new ArrayList<>();
    String next = "0".repeat(32);
    while (next != null) {
      Answer page = get(from, "records?policy=0&limit=3&from=" + next + "&to=" + "f".repeat(32));
      List<RecordEntry> entries = RecordList.decode(page.body());
      assertThat(entries).hasSizeLessThanOrEqualTo(3);
      entries.forEach(entry -> found.add(entry.hash()));
      next = page.headers().get("X-Backend-Next-Hash");
    }
    assertThat(found).hasSize(10).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void nonsenseIsRefusedAndStoresNothing() throws Exception {
    put(from, "o", 1, bytes(100));
    byte[] frame = fetch(from, "o");
    List<byte[]> wrongRecords = new ArrayList<>();
    byte[] otherHash = frame.clone();
    otherHash[5] ^= 1;
    wrongRecords.add(otherHash);
    byte[] record = frame.clone();
    record[FrameHead.BYTES + 60] ^= 1;
    wrongRecords.add(record);
    byte[] body = frame.clone();
    body[body.length - 1] ^= 1;
    wrongRecords.add(body);
    for (byte[] wrong : wrongRecords) {
      assertThat(merge(to, wrong)).containsExactly(Outcome.REFUSED);
      Answer single = ask(to, "PUT", "record?policy=0", wrong);
      assertThat(MergeResult.decode(single.body()).getFirst().outcome()).isEqualTo(Outcome.REFUSED);
    }
    byte[] cut = Arrays.copyOf(frame, frame.length - 1);
    byte[] endless = frame.clone();
    ByteBuffer.wrap(endless).putLong(4 + 16 + 8 + 1 + 4, Long.MAX_VALUE);
    byte[] hugeRecord = frame.clone();
    ByteBuffer.wrap(hugeRecord).putInt(4 + 16 + 8 + 1, Integer.MAX_VALUE);
    byte[] text = "nonsense".repeat(50).getBytes(StandardCharsets.UTF_8);
    for (byte[] wrong : List.of(cut, endless, hugeRecord, text)) {
      assertThat(ask(to, "POST", "merge?policy=0", wrong).status()).isEqualTo(400);
      for (String what : List.of("roots?part_power=4", "fetch?policy=0", "repairs?policy=0")) {
        assertThat(ask(to, "POST", what, wrong).status()).as(what).isEqualTo(400);
      }
    }
    assertThat(ask(to, "PUT", "record?policy=0", cut).status()).isEqualTo(400);
    assertThat(ask(to, "PUT", "record?policy=0", hugeRecord).status()).isEqualTo(400);
    assertThat(ask(to, "PUT", "record?policy=0", text).status()).isEqualTo(400);
    assertThat(merge(to, new byte[0])).isEmpty();
    assertThat(records(to, ALL)).isEmpty();
    assertThat(get(to, "roots").status()).isEqualTo(400);
    assertThat(get(to, "roots?part_power=99").status()).isEqualTo(400);
    assertThat(get(to, "roots?part_power=1&policy=9").status()).isEqualTo(503);
    assertThat(get(to, "nonsense").status()).isEqualTo(404);
    assertThat(get(to, "merge").status()).isEqualTo(405);
    assertThat(get(to, "records?policy=0&from=" + HexFormat.of().toHexDigits(1L)).status())
        .isEqualTo(400);
    Answer unsigned =
        to.exchange(
            "GET", "/sda/replication/roots?part_power=4", Body.empty(), new Headers(), false);
    assertThat(unsigned.status()).isEqualTo(401);
  }
}
