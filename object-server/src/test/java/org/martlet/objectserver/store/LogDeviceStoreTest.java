package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.martlet.common.device.DeviceRefused;
import org.martlet.common.device.RejoinRule;
import org.martlet.common.disk.CrashChoice;
import org.martlet.objectserver.state.ContentType;
import org.martlet.objectserver.state.HeaderMap;
import org.martlet.objectserver.state.Metadata;

class LogDeviceStoreTest {
  private final Machine machine = Machine.fresh();

  private static byte[] stored(DeviceStore store, int n) throws StoreFault {
    try (OpenObject object = store.open(Samples.key(n)).orElseThrow()) {
      return Samples.bodyOf(object, 10_000);
    }
  }

  @Test
  void servesASmallBodyAsItWasPut() throws IOException {
    byte[] body = Samples.body(1, 4096);
    try (DeviceStore store = machine.open()) {
      MutationOutcome outcome = store.submit(Samples.put(1, 100, body)).join();
      assertThat(outcome).isInstanceOf(MutationOutcome.Stored.class);
      assertThat(stored(store, 1)).isEqualTo(body);
      StoredObject object = store.read(Samples.key(1)).orElseThrow();
      assertThat(object.record()).isEqualTo(Samples.record(1, 100, body));
      assertThat(store.lookup(Samples.key(1)).orElseThrow().clocks())
          .isEqualTo(object.record().state().clocks());
    }
  }

  @Test
  void servesALargeBodyFromItsFileInAnyPieces() throws IOException {
    byte[] body = Samples.body(2, 1_000_000);
    try (DeviceStore store = machine.open()) {
      assertThat(Samples.putBlob(store, 1, 100, body)).isInstanceOf(MutationOutcome.Stored.class);
      for (int piece : List.of(1000, 65_536, 70_000, 200_000, 2_000_000)) {
        try (OpenObject object = store.open(Samples.key(1)).orElseThrow()) {
          assertThat(Samples.bodyOf(object, piece)).as("pieces of " + piece).isEqualTo(body);
        }
      }
      try (OpenObject object = store.open(Samples.key(1)).orElseThrow()) {
        ByteBuffer range = ByteBuffer.allocate(100_000);
        assertThat(object.read(123_456, range)).isEqualTo(100_000);
        assertThat(range.array()).isEqualTo(java.util.Arrays.copyOfRange(body, 123_456, 223_456));
        assertThat(object.read(body.length, ByteBuffer.allocate(10))).isZero();
      }
    }
  }

  @Test
  void mayNotBeOpenedWithDataAfterItWasAwayTooLong() throws IOException {
    RejoinRule hour = new RejoinRule(true, Duration.ofHours(1));
    machine.initialise();
    LogDeviceStore.checkRejoin(hour, Machine.ROOT, machine.environment(Machine.CLUSTER));
    try (DeviceStore store = machine.open()) {
      assertThat(store.lastPass()).isEmpty();
      store.passed(Instant.EPOCH);
      assertThat(store.lastPass()).contains(Instant.EPOCH);
    }
    LogDeviceStore.checkRejoin(hour, Machine.ROOT, machine.environment(Machine.CLUSTER));
    try (DeviceStore store = machine.open()) {
      store.submit(Samples.put(1, 100, Samples.body(1, 10))).join();
    }
    assertThatThrownBy(
            () ->
                LogDeviceStore.checkRejoin(
                    hour, Machine.ROOT, machine.environment(Machine.CLUSTER)))
        .isInstanceOf(DeviceRefused.class)
        .hasMessageContaining("rejoin-device");
    RejoinRule never = new RejoinRule(false, Duration.ofHours(1));
    LogDeviceStore.checkRejoin(never, Machine.ROOT, machine.environment(Machine.CLUSTER));
  }

  @Test
  void hasEverythingAfterACleanRestart() throws IOException {
    byte[] small = Samples.body(1, 100);
    byte[] large = Samples.body(2, 400_000);
    try (DeviceStore store = machine.open()) {
      store.submit(Samples.put(1, 100, small)).join();
      Samples.putBlob(store, 2, 100, large);
      store.submit(Samples.delete(3, 100)).join();
    }
    try (LogDeviceStore store = machine.open()) {
      assertThat(store.recovery()).isEqualTo(new RecoveryReport(false, 0, 0, 0, 0));
      assertThat(stored(store, 1)).isEqualTo(small);
      assertThat(stored(store, 2)).isEqualTo(large);
      assertThat(store.lookup(Samples.key(3)).orElseThrow().clocks().deleted()).isTrue();
      assertThat(store.statistics(1)).isEqualTo(new PolicyStatistics(1, 100, 1));
      assertThat(store.statistics(0)).isEqualTo(new PolicyStatistics(1, 400_000, 0));
      assertThat(store.policies()).containsExactly(0, 1);
    }
  }

  @Test
  void hasEverythingAcknowledgedAfterAPowerLoss() throws IOException {
    byte[] small = Samples.body(1, 100);
    byte[] large = Samples.body(2, 400_000);
    DeviceStore before = machine.open();
    before.submit(Samples.put(1, 100, small)).join();
    Samples.putBlob(before, 2, 100, large);
    Machine after = machine.crash(CrashChoice.keepNothing());
    Machine.abandon(before);
    try (LogDeviceStore store = after.open()) {
      assertThat(store.recovery().records()).isEqualTo(2);
      assertThat(stored(store, 1)).isEqualTo(small);
      assertThat(stored(store, 2)).isEqualTo(large);
    }
  }

  @Test
  void rebuildsTheIndexFromTheLog() throws IOException {
    byte[] small = Samples.body(1, 100);
    List<IndexedObject> all;
    try (DeviceStore store = machine.open(Machine.smallConfig())) {
      for (int n = 0; n < 100; n++) {
        store.submit(Samples.put(n, 100 + n, small)).join();
      }
      store.submit(Samples.delete(7, 300)).join();
      store.submit(Samples.post(8, 300, true)).join();
      long dropped = store.lookup(Samples.key(9)).orElseThrow().sequence();
      assertThat(
              store
                  .submit(
                      new Mutation.Forget(Samples.key(9), Mutation.Forget.Reason.DROPPED, dropped))
                  .join())
          .isEqualTo(new MutationOutcome.Forgotten());
      all = everything(store);
    }
    try (LogDeviceStore store = machine.withoutIndex().open()) {
      assertThat(store.recovery().indexRebuilt()).isTrue();
      assertThat(everything(store)).isEqualTo(all);
      assertThat(store.lookup(Samples.key(9))).isEmpty();
      assertThat(store.lookup(Samples.key(7)).orElseThrow().clocks().deleted()).isTrue();
      assertThat(store.read(Samples.key(8)).orElseThrow().record().state().contentType().value())
          .isEqualTo("post/300");
      assertThat(stored(store, 8)).isEqualTo(small);
    }
  }

  @Test
  void computesDigestsAnewWhenThePartPowerHasGrown() throws IOException {
    DeviceStoreConfig before = Machine.config();
    try (LogDeviceStore store = machine.open(before)) {
      for (int n = 0; n < 50; n++) {
        store.submit(Samples.put(n, 100, Samples.body(n, 10))).join();
      }
    }
    for (int partPower : List.of(before.leafBits() + 1, before.leafBits() + 3, 8)) {
      try (LogDeviceStore store = machine.open(before.forPartPower(partPower))) {
        assertThat(store.leafBits()).isGreaterThanOrEqualTo(partPower);
        Checks.isConsistent(store);
      }
    }
    try (LogDeviceStore store = machine.open(before.forPartPower(2))) {
      assertThat(store.leafBits()).as("never fewer").isEqualTo(8);
    }
    assertThat(before.forPartPower(32).leafBits()).isEqualTo(24);
  }

  @Test
  void forgetsNothingThatAListingHasStillToBeToldOf() throws IOException {
    try (DeviceStore store = machine.open()) {
      store.submit(Samples.put(1, 100, Samples.body(1, 100), DueTargets.of(2))).join();
      Mutation drop =
          new Mutation.Forget(
              Samples.key(1),
              Mutation.Forget.Reason.DROPPED,
              store.lookup(Samples.key(1)).orElseThrow().sequence());
      assertThat(store.submit(drop).join()).isInstanceOf(MutationOutcome.PreconditionFailed.class);
      List<DueMark> marks = store.dueMarks(Optional.empty(), 10);
      assertThat(marks).hasSize(1);
      assertThat(store.clear(marks.getFirst()).join()).isTrue();
      assertThat(store.submit(drop).join()).isEqualTo(new MutationOutcome.Forgotten());
    }
  }

  private static List<IndexedObject> everything(DeviceStore store) throws StoreFault {
    return Everything.of(store);
  }

  @Test
  void keepsTheLaterWriteWhateverTheOrderOfArrival() throws IOException {
    byte[] body = Samples.body(1, 10);
    try (DeviceStore store = machine.open()) {
      store.submit(Samples.put(1, 200, body)).join();
      assertThat(store.submit(Samples.put(1, 100, body)).join())
          .isInstanceOf(MutationOutcome.Superseded.class);
      assertThat(store.submit(Samples.put(1, 200, body)).join())
          .isInstanceOf(MutationOutcome.Superseded.class);
      assertThat(store.submit(Samples.delete(1, 199)).join())
          .isInstanceOf(MutationOutcome.Superseded.class);
      assertThat(store.submit(Samples.delete(1, 200)).join())
          .isInstanceOf(MutationOutcome.Stored.class);
      assertThat(store.submit(Samples.put(1, 200, body)).join())
          .isInstanceOf(MutationOutcome.Superseded.class);
    }
  }

  @Test
  void postReplacesMetadataAndKeepsWhatStaysWithTheData() throws IOException {
    byte[] body = Samples.body(1, 10);
    try (DeviceStore store = machine.open()) {
      store.submit(Samples.put(1, 100, body)).join();
      assertThat(store.submit(Samples.post(1, 200, false)).join())
          .isInstanceOf(MutationOutcome.Stored.class);
      var state = store.read(Samples.key(1)).orElseThrow().record().state();
      assertThat(state.metadata())
          .isEqualTo(new Metadata(Samples.at(200), Samples.headers("X-Object-Meta-A", "p200")));
      assertThat(state.contentType()).isEqualTo(new ContentType(Samples.at(100), "text/100"));
      assertThat(state.data().headers()).isEqualTo(Samples.headers("X-Object-Sysmeta-A", "s100"));
      assertThat(stored(store, 1)).isEqualTo(body);
      assertThat(store.submit(Samples.post(1, 150, false)).join())
          .isInstanceOf(MutationOutcome.Superseded.class);
      assertThat(store.submit(Samples.post(2, 150, false)).join())
          .isEqualTo(new MutationOutcome.NotFound(Optional.empty()));
    }
  }

  @Test
  void newerMetadataSurvivesUnderATombstoneAndUnderALatePut() throws IOException {
    byte[] body = Samples.body(1, 10);
    try (DeviceStore store = machine.open()) {
      store.submit(Samples.put(1, 100, body)).join();
      store.submit(Samples.post(1, 400, true)).join();
      store.submit(Samples.delete(1, 200)).join();
      assertThat(store.submit(Samples.put(1, 300, body)).join())
          .isInstanceOf(MutationOutcome.Stored.class);
      var state = store.read(Samples.key(1)).orElseThrow().record().state();
      assertThat(state.data().timestamp()).isEqualTo(Samples.at(300));
      assertThat(state.metadata().timestamp()).isEqualTo(Samples.at(400));
      assertThat(state.contentType().value()).isEqualTo("post/400");
      assertThat(stored(store, 1)).isEqualTo(body);
    }
  }

  @Test
  void decidesPreconditionsAtomicallyWithTheChange() throws IOException {
    byte[] body = Samples.body(1, 10);
    Precondition nothingThere =
        current -> current.isEmpty() || !current.get().record().state().isLive();
    try (DeviceStore store = machine.open()) {
      var first =
          store.submit(
              new Mutation.Put(
                  Samples.record(1, 100, body),
                  Samples.inline(body),
                  nothingThere,
                  DueTargets.NONE));
      var second =
          store.submit(
              new Mutation.Put(
                  Samples.record(1, 200, body),
                  Samples.inline(body),
                  nothingThere,
                  DueTargets.NONE));
      assertThat(first.join()).isInstanceOf(MutationOutcome.Stored.class);
      assertThat(second.join()).isInstanceOf(MutationOutcome.PreconditionFailed.class);
    }
  }

  @Test
  void appliesAPushedRecordAndAsksForABodyItLacks() throws IOException {
    byte[] body = Samples.body(1, 10);
    try (DeviceStore store = machine.open()) {
      var bare =
          new Mutation.Apply(
              Samples.record(1, 100, body), Optional.empty(), Precondition.NONE, DueTargets.NONE);
      assertThat(store.submit(bare).join()).isInstanceOf(MutationOutcome.BodyNeeded.class);
      var whole =
          new Mutation.Apply(
              Samples.record(1, 100, body),
              Optional.of(Samples.inline(body)),
              Precondition.NONE,
              DueTargets.NONE);
      assertThat(store.submit(whole).join()).isInstanceOf(MutationOutcome.Stored.class);
      assertThat(store.submit(bare).join()).isInstanceOf(MutationOutcome.Superseded.class);
      assertThat(stored(store, 1)).isEqualTo(body);
    }
  }

  @Test
  void anUpdateStaysDueUntilItsMarkIsClearedUnchanged() throws IOException {
    byte[] body = Samples.body(1, 10);
    try (DeviceStore store = machine.open()) {
      store.submit(Samples.put(1, 100, body, DueTargets.of(2, 63))).join();
      store.submit(Samples.put(2, 100, body, DueTargets.of(0))).join();
      List<DueMark> due = store.dueMarks(Optional.empty(), 10);
      assertThat(due).extracting(DueMark::target).containsExactly(2, 63, 0);
      assertThat(store.dueMarks(Optional.of(due.get(0)), 1)).containsExactly(due.get(1));
      store.submit(Samples.post(1, 200, false)).join();
      assertThat(store.clear(due.get(0)).join()).isFalse();
      List<DueMark> changed = store.dueMarks(Optional.empty(), 10);
      assertThat(changed).extracting(DueMark::target).containsExactly(0, 2, 63);
      assertThat(store.clear(changed.get(1)).join()).isTrue();
      assertThat(store.clear(changed.get(1)).join()).isFalse();
    }
    try (DeviceStore store = machine.open()) {
      assertThat(store.dueMarks(Optional.empty(), 10))
          .extracting(DueMark::target)
          .containsExactly(0, 63);
    }
  }

  @Test
  void removesTheFilesOfBodiesThatWereNotStored() throws IOException {
    byte[] body = Samples.body(1, 400_000);
    try (DeviceStore store = machine.open()) {
      try (BlobWriter writer = store.newBlob()) {
        writer.write(ByteBuffer.wrap(body));
      }
      assertThat(blobs(machine)).isEmpty();
      Samples.putBlob(store, 1, 200, body);
      Samples.putBlob(store, 1, 100, body);
      assertThat(store.clear(new DueMark(Samples.key(1), 0, 0)).join()).isFalse();
      assertThat(blobs(machine)).hasSize(1);
      Samples.putBlob(store, 1, 300, body);
      store.submit(Samples.delete(2, 1)).join();
      assertThat(store.clear(new DueMark(Samples.key(1), 0, 0)).join()).isFalse();
      assertThat(blobs(machine)).hasSize(1);
      store.newBlob().write(ByteBuffer.wrap(body));
      assertThat(blobs(machine)).hasSize(2);
    }
    try (LogDeviceStore store = machine.open()) {
      assertThat(store.recovery().sweptBlobs()).isEqualTo(1);
      assertThat(blobs(machine)).hasSize(1);
      assertThat(stored(store, 1)).isEqualTo(body);
    }
  }

  private static List<String> blobs(Machine machine) {
    return machine.disk.contents().keySet().stream()
        .map(Object::toString)
        .filter(name -> name.contains("/blobs/"))
        .toList();
  }

  @Test
  void refusesADeviceThatIsInUseOrBelongsToAnotherCluster() throws IOException {
    LogDeviceStore store = machine.open();
    assertThatThrownBy(machine::open)
        .isInstanceOf(DeviceRefused.class)
        .hasMessageContaining("in use");
    store.close();
    assertThatThrownBy(() -> LogDeviceStore.open(Machine.config(), machine.environment("c2")))
        .isInstanceOf(DeviceRefused.class)
        .hasMessageContaining("cluster c1");
    machine.open().close();
  }

  @Test
  void leavesADirectoryWithoutIdentityAsItIs() {
    assertThatThrownBy(
            () -> LogDeviceStore.open(Machine.config(), machine.environment(Machine.CLUSTER)))
        .isInstanceOf(DeviceRefused.class)
        .hasMessageContaining("mount its disk")
        .hasMessageContaining("init-device");
    assertThat(machine.disk.contents()).isEmpty();
  }

  @Test
  void refusesMetadataThatNoRecordHolds() throws IOException {
    try (DeviceStore store = machine.open()) {
      HeaderMap huge = HeaderMap.of(Map.of("X-Object-Meta-A", "x".repeat(1 << 20)));
      var post =
          new Mutation.Post(
              Samples.key(1),
              new Metadata(Samples.at(1), huge),
              Optional.empty(),
              Precondition.NONE,
              DueTargets.NONE);
      assertThatThrownBy(() -> store.submit(post)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
