package org.martlet.objectserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.martlet.common.disk.CrashChoice;
import org.martlet.common.disk.DiskOperation;
import org.martlet.common.disk.FaultyDisk.Fault;
import org.martlet.common.disk.PowerSwitch;
import org.martlet.common.model.ByteSize;
import org.martlet.objectserver.state.Metadata;
import org.martlet.objectserver.state.ObjectKey;

/// A device with small volumes that is driven by letters, one operation each, and that knows at any
/// moment what it may hold if the power goes. The same letters make the same disk calls every time.
///
/// | letter | operation |
/// |---|---|
/// | `P` | put object A inline (an overwrite where it is there) |
/// | `L` | put object A as a blob |
/// | `O` | post to A |
/// | `D` | delete A, also where it is not there |
/// | `F` | forget A: drop the object, or purge the tombstone |
/// | `X` | read wrong bytes of A, so that it goes to quarantine |
/// | `W` | put A and B inline, in one group |
/// | `Q` | put object B inline, with listing updates due |
/// | `R` | roll: put one more filler, so large that the next operation makes a new volume |
/// | `G` | garbage: overwrite the newest filler with a small body |
/// | `K` | compact |
/// | `C` | checkpoint: make the index durable |
/// | `S` | lose the power with all that was not synced, and start again |
/// | `T` | lose the power in the middle of a put of object C, of which one sector is lost |
/// | `E` | a put of C whose sync fails (EIO) and drops what was written; restart the process |
final class SteppedDevice implements AutoCloseable {
  static final String LETTERS = "PLODFXWQRGKCSTE";

  private static final ObjectKey A = Samples.key(2);
  private static final ObjectKey C = Samples.key(4);
  private static final int FILLERS = 10;
  private static final ObjectKey NOBODY = Samples.key(99);

  private volatile Reference known = new Reference();

  /// What an operation under way may have made of that, the last being all of it.
  private volatile List<Reference> next = List.of();

  private volatile CompletableFuture<?> answer = new CompletableFuture<>();
  private final Runnable beforeCall;
  private Machine machine = Machine.fresh();
  private LogDeviceStore store;
  private int ticks = 100;
  private int fillers;

  /// @param beforeCall is run before each disk call, the first opening's included
  SteppedDevice(Runnable beforeCall) throws IOException {
    this.beforeCall = beforeCall;
    machine.initialise();
  }

  /// Opens the device; to be called once, before the first step.
  SteppedDevice open() throws IOException {
    machine.power.beforeEachCall(beforeCall);
    store = machine.open(config());
    return this;
  }

  static DeviceStoreConfig config() {
    DeviceStoreConfig usual = Machine.config();
    return new DeviceStoreConfig(
        usual.root(),
        new ByteSize(2100),
        new ByteSize(3000),
        usual.space(),
        usual.queue(),
        usual.background(),
        usual.leafBits());
  }

  Machine machine() {
    return machine;
  }

  /// What the device may hold after a power loss now: what was acknowledged, and, while an
  /// operation is under way, also what it makes of that.
  List<Reference> allowed() {
    List<Reference> after = next;
    if (after.isEmpty()) {
      return List.of(known);
    }
    if (answer.isDone()) {
      return List.of(after.getLast());
    }
    List<Reference> all = new ArrayList<>(after);
    all.add(known);
    return all;
  }

  /// Whether a step would do anything now.
  boolean isUseful(char letter) {
    Optional<Reference.Held> a = known.get(A);
    return switch (letter) {
      case 'O' -> a.isPresent() && a.get().record().state().isLive();
      case 'F', 'X' -> a.isPresent();
      case 'G' -> fillers > 0;
      default -> true;
    };
  }

  /// Does one operation, and returns when all that it does on the disk is done.
  void step(char letter) throws IOException {
    ticks += 10;
    switch (letter) {
      case 'P' -> submit(Samples.put(2, ticks, Samples.body(ticks, 300)));
      case 'L' -> putBlob();
      case 'O' -> submit(postOfManySectors());
      case 'D' -> submit(Samples.delete(2, ticks));
      case 'F' -> submit(forget());
      case 'X' -> quarantine();
      case 'W' -> putTwo();
      case 'Q' -> submit(Samples.put(3, ticks, Samples.body(ticks, 100), DueTargets.of(0, 2)));
      case 'R' -> submit(Samples.put(FILLERS + fillers++, ticks, Samples.body(ticks, 2000)));
      case 'G' -> submit(Samples.put(FILLERS + fillers - 1, ticks, Samples.body(ticks, 10)));
      case 'K' -> store.compact();
      case 'C' -> store.checkpoint();
      case 'S' -> restart(machine.asAfter(CrashChoice.keepNothing()));
      case 'T' -> tearPut();
      case 'E' -> failPut();
      default -> throw new IllegalArgumentException("no operation: " + letter);
    }
    settle();
  }

  private void submit(Mutation mutation) {
    Reference after = known.copy();
    Class<? extends MutationOutcome> expected = after.apply(mutation);
    CompletableFuture<MutationOutcome> submitted = new CompletableFuture<>();
    answer = submitted;
    next = List.of(after);
    MutationOutcome outcome =
        store.submit(mutation).whenComplete((done, failure) -> submitted.complete(done)).join();
    assertThat(outcome).isInstanceOf(expected);
    known = after;
    next = List.of();
  }

  /// What is submitted on the committer's own thread waits until it takes the next group.
  private void putTwo() {
    Mutation first = Samples.put(2, ticks, Samples.body(ticks, 300));
    Mutation second = Samples.put(3, ticks, Samples.body(ticks + 1, 700));
    Reference afterFirst = known.copy();
    afterFirst.apply(first);
    Reference after = afterFirst.copy();
    after.apply(second);
    CompletableFuture<Void> both = new CompletableFuture<>();
    answer = both;
    next = List.of(afterFirst, after);
    store
        .clear(new DueMark(NOBODY, 0, 1))
        .thenCompose(none -> store.submit(first).thenAcceptBoth(store.submit(second), (a, b) -> {}))
        .whenComplete((done, failure) -> both.complete(done))
        .join();
    known = after;
    next = List.of();
  }

  private void putBlob() throws StoreFault {
    byte[] body = Samples.body(ticks, 2200);
    NewBody blob = Samples.blobIn(store.newBlob(), body);
    submit(
        new Mutation.Put(Samples.record(2, ticks, body), blob, Precondition.NONE, DueTargets.NONE));
  }

  /// An envelope that can be torn in its middle, with header and checksum whole.
  private Mutation postOfManySectors() {
    String value = String.valueOf(ticks % 10).repeat(1200);
    return new Mutation.Post(
        A,
        new Metadata(Samples.at(ticks), Samples.headers("X-Object-Meta-A", value)),
        Optional.empty(),
        Precondition.NONE,
        DueTargets.NONE);
  }

  private Mutation forget() throws StoreFault {
    IndexedObject a = store.lookup(A).orElseThrow();
    Mutation.Forget.Reason reason =
        a.clocks().isLive() ? Mutation.Forget.Reason.DROPPED : Mutation.Forget.Reason.PURGED;
    return new Mutation.Forget(A, reason, a.sequence());
  }

  private void quarantine() {
    Reference after = known.copy();
    after.set(A, Optional.empty());
    answer = new CompletableFuture<>();
    next = List.of(after);
    machine.faults.inject(DiskOperation.READ, Fault.WRONG_BYTES);
    assertThatThrownBy(() -> store.open(A).orElseThrow().close())
        .isInstanceOf(StoreFault.Damaged.class);
    known = after;
    next = List.of();
  }

  private void restart(Machine again) throws IOException {
    close();
    machine = again;
    open();
  }

  /// A put that is not answered well before the device is opened again: it may be there or not, and
  /// is so for good from then on.
  private void putInDoubt(UnaryOperator<Machine> whatIsLeft) throws IOException {
    Mutation put = Samples.put(4, ticks, Samples.body(ticks, 1500));
    Reference after = known.copy();
    after.apply(put);
    answer = new CompletableFuture<>();
    next = List.of(after);
    CompletableFuture<MutationOutcome> outcome = store.submit(put);
    assertThat(outcome.join()).isInstanceOf(MutationOutcome.Unavailable.class);
    restart(whatIsLeft.apply(machine));
    known = CrashInvariants.found(store).equals(after.all()) ? after : known;
    next = List.of();
  }

  private void tearPut() throws IOException {
    int[] asked = {0};
    CrashChoice allButOneSector =
        new CrashChoice() {
          @Override
          public int below(int bound) {
            return asked[0]++ == 2 ? 0 : bound - 1;
          }

          @Override
          public boolean junk() {
            return false;
          }
        };
    PowerSwitch power = machine.power;
    power.cutAt(power.calls() + 2);
    putInDoubt(broken -> broken.asAfter(allButOneSector));
  }

  private void failPut() throws IOException {
    machine.disk.failForces(path -> path.toString().endsWith(".vol"));
    putInDoubt(
        same -> {
          same.disk.failForces(path -> false);
          return same;
        });
  }

  /// What the committer does after its answers is done once it has answered another request.
  private void settle() {
    assertThat(store.clear(new DueMark(NOBODY, 0, 1)).join()).isFalse();
  }

  @Override
  public void close() {
    machine.power.beforeEachCall(() -> {});
    Machine.abandon(store);
  }
}
