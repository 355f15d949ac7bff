package org.martlet.replicator.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.martlet.common.model.DeviceId;
import org.martlet.common.model.PartitionId;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.replicator.plan.ModelState;

/// A cluster in one thread: nodes with their clocks, a network, and everything that happens in the
/// order of time.
///
/// The driver blocks in its calls. So each call lets other things happen before and after it takes
/// effect: clients write, nodes crash, other nodes take steps, all chosen by the seed.
final class SimWorld {
  static final Duration RECLAIM_AGE = Duration.ofSeconds(400);
  static final int REPLICAS = 3;
  static final int PART_POWER = 2;
  private static final int MAX_DEPTH = 5;
  private static final long BEGIN = 1_700_000_000_000L;

  /// What a call does where it arrives.
  interface Effect<T> {
    T apply();
  }

  private record Event(long at, long number, Runnable action) {}

  /// One way from a node to another; −1 is the clients.
  private record Link(int from, int to) {}

  /// The caller has crashed: unwinds everything that it was doing.
  static final class Crashed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Crashed() {
      super("crashed", null, false, false);
    }
  }

  private final SplittableRandom random;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private final List<SimNode> nodes = new ArrayList<>();
  private final List<ModelState> states = new ArrayList<>();
  private final Set<Link> cut = new HashSet<>();
  private final Map<String, Integer> calls = new TreeMap<>();
  private final Map<String, Runnable> hooks = new TreeMap<>();
  private final Set<Object> busy = new HashSet<>();
  private final SimTruth truth = new SimTruth(this);
  private final double loss;
  private long now = BEGIN;
  private long eventNumber;
  private int depth;
  private long leastPause = 1_000;
  private Ring ring;
  private Ring previousRing;
  private boolean chaotic;

  /// A world in which everything may go wrong.
  SimWorld(long seed) {
    this(seed, true);
  }

  /// A world of four nodes in which nothing goes wrong by itself, and clocks are right.
  static SimWorld calm() {
    return new SimWorld(1, false);
  }

  private SimWorld(long seed, boolean chaotic) {
    this.random = new SplittableRandom(seed);
    this.chaotic = chaotic;
    this.loss = random.nextInt(4) / 100.0;
    int devices = chaotic ? 4 + random.nextInt(3) : 4;
    this.ring = firstRing(devices);
    this.previousRing = ring;
    for (int id = 0; id < devices; id++) {
      int leafBits = PART_POWER + random.nextInt(4);
      SimNode node = new SimNode(this, new SimDevice(new DeviceId(id), leafBits, ring));
      node.skewMillis = chaotic ? random.nextInt(-10_000, 10_000) : 0;
      nodes.add(node);
    }
    nodes.forEach(SimNode::start);
  }

  private Ring firstRing(int devices) {
    int[][] rows = new int[REPLICAS][1 << PART_POWER];
    for (int part = 0; part < 1 << PART_POWER; part++) {
      List<Integer> chosen = new ArrayList<>();
      while (chosen.size() < REPLICAS) {
        int device = random.nextInt(devices);
        if (!chosen.contains(device)) {
          chosen.add(device);
        }
      }
      for (int row = 0; row < REPLICAS; row++) {
        rows[row][part] = chosen.get(row);
      }
    }
    return ringOf(devices, rows, 1);
  }

  private static Ring ringOf(int devices, int[][] rows, long version) {
    List<RingDevice> all = new ArrayList<>();
    for (int id = 0; id < devices; id++) {
      all.add(RingDevice.of(new DeviceId(id), 1, id, "10.0.0." + id, 6200, "d" + id, 1));
    }
    return Ring.of(PART_POWER, all, rows, version);
  }

  /// Moves replicas of some partitions to other devices.
  void changeRing() {
    adopt(movedRing(), 15_000);
  }

  /// Nodes hear of a ring one after the other.
  void adopt(Ring next, int withinMillis) {
    previousRing = ring;
    ring = next;
    for (SimNode node : nodes) {
      in(random.nextInt(withinMillis), () -> node.adopt(next));
    }
  }

  private Ring movedRing() {
    int[][] rows = new int[REPLICAS][1 << PART_POWER];
    for (int part = 0; part < 1 << PART_POWER; part++) {
      List<DeviceId> assigned = ring.assigned(new PartitionId(part));
      List<Integer> now = new ArrayList<>(assigned.stream().map(DeviceId::value).toList());
      int moves = chance(0.4) ? 0 : chance(0.8) ? 1 : 2;
      for (int move = 0; move < moves; move++) {
        int to = random.nextInt(nodes.size());
        if (!now.contains(to)) {
          now.set(random.nextInt(REPLICAS), to);
        }
      }
      for (int row = 0; row < REPLICAS; row++) {
        rows[row][part] = now.get(row);
      }
    }
    return ringOf(nodes.size(), rows, ring.version() + 1);
  }

  /// Whether all that moved by the ring has arrived, as the nodes themselves say.
  boolean isSettled() {
    return nodes.stream().allMatch(this::isSettled);
  }

  private boolean isSettled(SimNode node) {
    boolean says =
        node.up
            && node.ring() == ring
            && node.replicator.status().isSettled(Space.objects(0), ring.version());
    if (says && node.hasSomethingMoving()) {
      throw new AssertionError(
          "a node is settled when all that a ring moved has gone: " + node.name);
    }
    return says;
  }

  /// Does something once, when a node next asks that.
  void before(SimNode node, String what, Runnable action) {
    hooks.put(node.name + " " + what, action);
  }

  /// How often what was asked between nodes.
  Map<String, Integer> calls() {
    return calls;
  }

  SimTruth truth() {
    return truth;
  }

  List<SimNode> nodes() {
    return nodes;
  }

  Ring ring() {
    return ring;
  }

  Ring previousRing() {
    return previousRing;
  }

  long now() {
    return now;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  int remember(ModelState state) {
    states.add(state);
    return states.size() - 1;
  }

  ModelState remembered(int number) {
    return states.get(number);
  }

  void in(long millis, Runnable action) {
    events.add(new Event(now + millis, eventNumber++, action));
  }

  /// A loop of a node's replicator, until that life of the node ends. A loop never runs inside
  /// itself.
  void every(SimNode node, int life, Replicator.Loop loop) {
    in(random.nextInt(1000), () -> runLoop(node, life, loop));
  }

  private void runLoop(SimNode node, int life, Replicator.Loop loop) {
    if (node.life != life) {
      return;
    }
    long pause = 200;
    if (busy.add(loop)) {
      try {
        pause = Math.max(leastPause, loop.step().get().toMillis());
      } catch (Crashed e) {
        return;
      } finally {
        busy.remove(loop);
      }
    }
    in(pause, () -> runLoop(node, life, loop));
  }

  /// Lets time pass for who waits.
  void sleep(Duration duration) {
    long until = now + duration.toMillis();
    runNested(until);
    now = Math.max(now, until);
  }

  void runUntil(long time) {
    while (!events.isEmpty() && events.peek().at() <= time) {
      runNext();
    }
    now = Math.max(now, time);
  }

  private void runNext() {
    Event next = events.poll();
    now = Math.max(now, next.at());
    depth++;
    try {
      next.action().run();
    } finally {
      depth--;
    }
  }

  private void runNested(long until) {
    while (depth < MAX_DEPTH && !events.isEmpty() && events.peek().at() <= until) {
      runNext();
    }
  }

  /// Lets some of what comes next happen now.
  private void interleave() {
    while (chaotic && depth < MAX_DEPTH && !events.isEmpty() && chance(0.15)) {
      runNext();
    }
  }

  /// One request and its answer between two nodes.
  <T> T call(SimNode from, SimNode to, String what, Effect<T> effect) throws ReplicaFault {
    int life = from.life;
    calls.merge(what, 1, Integer::sum);
    Runnable hook = hooks.remove(from.name + " " + what);
    if (hook != null) {
      hook.run();
    }
    interleave();
    checkAlive(from, life);
    T answer;
    if (from == to) {
      answer = effect.apply();
    } else {
      answer = overNetwork(from.device.id.value(), to, effect);
    }
    interleave();
    checkAlive(from, life);
    return answer;
  }

  private static void checkAlive(SimNode node, int life) {
    if (node.life != life) {
      throw new Crashed();
    }
  }

  /// A request over the network: it may be lost, come late or twice, its answer may be lost, and
  /// the device's node may crash before or after it took effect.
  <T> T overNetwork(int from, SimNode to, Effect<T> effect) throws ReplicaFault {
    now += 1 + random.nextInt(3);
    int there = to.device.id.value();
    if (!to.up) {
      throw unreachable(10);
    }
    if (cut.contains(new Link(from, there)) || isLost()) {
      throw unreachable(1_000);
    }
    if (chaotic && chance(loss / 4)) {
      int life = to.life;
      in(random.nextInt(20_000), () -> applyLate(to, life, effect));
      throw unreachable(10_000);
    }
    if (chaotic && chance(loss / 20)) {
      truth.crash(to);
      throw unreachable(10);
    }
    T answer = effect.apply();
    if (chaotic && chance(loss / 4)) {
      int life = to.life;
      in(random.nextInt(20_000), () -> applyLate(to, life, effect));
    }
    if (chaotic && chance(loss / 20)) {
      truth.crash(to);
      throw unreachable(10);
    }
    if (cut.contains(new Link(there, from)) || isLost()) {
      throw unreachable(10_000);
    }
    return answer;
  }

  private static <T> void applyLate(SimNode to, int life, Effect<T> effect) {
    if (to.up && to.life == life) {
      effect.apply();
    }
  }

  private boolean isLost() {
    return chaotic && chance(loss);
  }

  private ReplicaFault unreachable(long millis) {
    sleep(Duration.ofMillis(millis));
    return new ReplicaFault(ReplicaFault.Kind.UNREACHABLE, "it does not answer");
  }

  /// A ring in which one device of a partition is another.
  Ring moved(PartitionId partition, DeviceId from, DeviceId to) {
    int[][] rows = new int[REPLICAS][1 << PART_POWER];
    for (int part = 0; part < 1 << PART_POWER; part++) {
      List<DeviceId> assigned = ring.assigned(new PartitionId(part));
      for (int row = 0; row < REPLICAS; row++) {
        boolean moves = part == partition.value() && assigned.get(row).equals(from);
        rows[row][part] = moves ? to.value() : assigned.get(row).value();
      }
    }
    return ringOf(nodes.size(), rows, ring.version() + 1);
  }

  void cut(int from, int to, long millis) {
    Link link = new Link(from, to);
    cut.add(link);
    in(millis, () -> cut.remove(link));
  }

  /// Ends all faults of the network and lets nothing happen inside calls any more.
  void calmDown() {
    chaotic = false;
    leastPause = 10_000;
    cut.clear();
  }

  boolean isCut(int client, SimNode node) {
    int there = node.device.id.value();
    return cut.contains(new Link(client, there)) || cut.contains(new Link(there, client));
  }
}
