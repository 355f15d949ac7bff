package org.martlet.status;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.martlet.UserMistake;
import org.martlet.cluster.Cluster;
import org.martlet.common.http.Endpoint;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.terminal.Sheet;

/// One look at a cluster: first every server says who it is, then those that answered say the rest,
/// so a server that is down is waited for once.
final class Survey {
  private static final String NODE = "/recon/martlet/node";
  private static final String DEVICES = "/recon/martlet/devices";
  private static final String OUTBOX = "/recon/martlet/outbox";
  private static final String REPLICATION = "/recon/martlet/replication";
  private static final String RINGS = "/rings";
  private static final String READY = "/ready";
  private static final int UNAVAILABLE = 503;

  private final StorageNodes nodes;
  private final Cluster cluster;
  private final InstantSource clock;

  private Map<Endpoint, StorageNodes.Said> who = Map.of();
  private Map<StorageNodes.Question, StorageNodes.Said> rest = Map.of();
  private final Map<Endpoint, Endpoint> processes = new LinkedHashMap<>();
  private Instant asked;

  Survey(StorageNodes nodes, InstantSource clock) {
    this.nodes = nodes;
    this.cluster = nodes.cluster();
    this.clock = clock;
    this.asked = clock.instant();
  }

  /// @throws UserMistake if no server answers
  ClusterStatus take() {
    SortedMap<Endpoint, Set<String>> services = nodes.services();
    asked = clock.instant();
    who = nodes.ask(services.keySet(), "GET", NODE);
    if (who.values().stream().allMatch(said -> said.json() == null)) {
      throw nobody();
    }
    groupByProcess();
    askTheRest(services);
    List<ClusterStatus.Node> found = nodes(services);
    List<ClusterStatus.Device> devices = devices();
    ClusterStatus status =
        new ClusterStatus(
            ClusterStatus.FORMAT,
            asked.toString(),
            true,
            List.of(),
            found,
            devices,
            listingDevices(),
            rings(),
            passes(),
            repairs(),
            services(),
            outbox(),
            new Capacities(devices).of(objectRings(), storedByPolicy()));
    return new Warnings(status, silences(), asked).added();
  }

  private UserMistake nobody() {
    StringBuilder told = new StringBuilder("no storage node answers:");
    who.forEach(
        (node, said) ->
            told.append("\n  ")
                .append(node)
                .append(": ")
                .append(Sheet.shown(String.valueOf(said.fault()))));
    return new UserMistake(told.toString());
  }

  /// Every address to the first one of the same process.
  private void groupByProcess() {
    processes.clear();
    Map<String, Endpoint> firsts = new HashMap<>();
    who.forEach(
        (address, said) -> {
          if (said.json() != null) {
            String instance = Facts.of(said).text("instance");
            processes.put(
                address,
                instance.isEmpty()
                    ? address
                    : Objects.requireNonNullElse(firsts.putIfAbsent(instance, address), address));
          }
        });
  }

  private void askTheRest(SortedMap<Endpoint, Set<String>> services) {
    Stream<StorageNodes.Question> ofAddresses =
        processes.keySet().stream().map(address -> new StorageNodes.Question(address, DEVICES));
    Stream<StorageNodes.Question> ofObjects =
        processes.keySet().stream()
            .filter(address -> services.getOrDefault(address, Set.of()).contains("object"))
            .map(address -> new StorageNodes.Question(address, OUTBOX));
    Stream<StorageNodes.Question> ofProcesses =
        processes.values().stream()
            .flatMap(
                first ->
                    Stream.of(RINGS, REPLICATION, READY)
                        .map(target -> new StorageNodes.Question(first, target)));
    rest = nodes.ask(Stream.of(ofAddresses, ofObjects, ofProcesses).flatMap(all -> all));
  }

  private Facts said(Endpoint server, String target) {
    return Facts.of(rest.get(new StorageNodes.Question(server, target)));
  }

  /// The first addresses of all processes that answer.
  private Set<Endpoint> firsts() {
    return new LinkedHashSet<>(processes.values());
  }

  private List<ClusterStatus.Node> nodes(SortedMap<Endpoint, Set<String>> services) {
    Map<String, List<Endpoint>> groups = new LinkedHashMap<>();
    who.forEach(
        (address, said) -> {
          Endpoint first = processes.get(address);
          // What does not answer is told once for each host and reason.
          String group = first == null ? address.host() + " " + reason(said) : first.toString();
          groups.computeIfAbsent(group, begun -> new ArrayList<>()).add(address);
        });
    List<ClusterStatus.Node> found = new ArrayList<>();
    for (List<Endpoint> addresses : groups.values()) {
      List<String> names = new ArrayList<>();
      addresses.forEach(
          address ->
              services
                  .getOrDefault(address, Set.of())
                  .forEach(service -> names.add(service + " " + address.port())));
      found.add(node(addresses.getFirst(), names));
    }
    return found;
  }

  /// Without the address, which a fault may name.
  private static String reason(StorageNodes.Said said) {
    return String.valueOf(said.fault()).replaceAll("[^ ]*:[0-9]+", "");
  }

  private ClusterStatus.Node node(Endpoint address, List<String> services) {
    StorageNodes.Said said = Objects.requireNonNull(who.get(address), "an address that was asked");
    if (said.json() == null) {
      return new ClusterStatus.Node(
          address.toString(), services, false, said.fault(), null, null, null, null);
    }
    Facts facts = Facts.of(said);
    Instant theirs = facts.moment("time").orElse(asked);
    return new ClusterStatus.Node(
        address.toString(),
        services,
        true,
        null,
        facts.text("version"),
        facts
            .moment("started")
            .map(started -> Math.max(0, Duration.between(started, theirs).toSeconds()))
            .orElse(null),
        ready(address),
        Duration.between(asked, theirs).toMillis() / 1e3);
  }

  private @Nullable Boolean ready(Endpoint address) {
    StorageNodes.Said said = rest.get(new StorageNodes.Question(address, READY));
    if (said == null) {
      return null;
    }
    if (said.status() == UNAVAILABLE) {
      return false;
    }
    return said.status() / 100 == 2 ? Boolean.TRUE : null;
  }

  private List<ClusterStatus.Device> devices() {
    Map<String, ClusterStatus.Device> found = new LinkedHashMap<>();
    objectRings()
        .values()
        .forEach(
            ring ->
                ring.devices()
                    .forEach(
                        device ->
                            found.computeIfAbsent(
                                device.address() + "/" + device.device(),
                                first -> new DeviceReading(device, this).status())));
    return List.copyOf(found.values());
  }

  Facts diskOf(Endpoint server, String device) {
    return named(Facts.of(who.get(server)).list("disks"), device);
  }

  Facts deviceOf(Endpoint server, String device) {
    return named(said(server, DEVICES).list("devices"), device);
  }

  boolean answers(Endpoint server) {
    StorageNodes.Said said = rest.get(new StorageNodes.Question(server, DEVICES));
    return said != null && said.json() != null;
  }

  private static Facts named(List<Facts> all, String device) {
    return all.stream()
        .filter(facts -> facts.text("device").equals(device))
        .findFirst()
        .orElse(Facts.of((StorageNodes.Said) null));
  }

  private Map<Integer, long[]> storedByPolicy() {
    Map<Integer, long[]> stored = new HashMap<>();
    for (Endpoint server : processes.keySet()) {
      for (Facts device : said(server, DEVICES).list("devices")) {
        for (StoragePolicy policy : cluster.policies().all()) {
          Facts held = device.at("policies").at(Integer.toString(policy.index()));
          long[] sums = stored.computeIfAbsent(policy.index(), first -> new long[2]);
          sums[0] += held.count("objects");
          sums[1] += held.count("bytes");
        }
      }
    }
    return stored;
  }

  private Map<StoragePolicy, Ring> objectRings() {
    Map<StoragePolicy, Ring> rings = new LinkedHashMap<>();
    cluster
        .policies()
        .all()
        .forEach(policy -> rings.put(policy, cluster.objectRing(policy).current()));
    return rings;
  }

  private List<ClusterStatus.ListingDevice> listingDevices() {
    List<ClusterStatus.ListingDevice> found = new ArrayList<>();
    Map<String, Ring> rings = new TreeMap<>();
    rings.put("container", cluster.containerRing().current());
    rings.put("account", cluster.accountRing().current());
    rings.forEach(
        (service, ring) -> {
          for (RingDevice device : ring.devices()) {
            Endpoint server = new Endpoint(device.ip(), device.port());
            Facts facts = deviceOf(server, device.device());
            String state = answers(server) ? "missing" : "unknown";
            found.add(
                new ClusterStatus.ListingDevice(
                    device.address(),
                    device.device(),
                    service,
                    facts.isThere() ? facts.text("state") : state,
                    facts.text("reason").isEmpty() ? null : facts.text("reason")));
          }
        });
    return found;
  }

  private List<ClusterStatus.RingState> rings() {
    List<ClusterStatus.RingState> found = new ArrayList<>();
    cluster
        .inbox()
        .rings()
        .forEach(
            (name, ring) -> {
              Map<Endpoint, Facts> told = new LinkedHashMap<>();
              for (Endpoint server : firsts()) {
                Facts said = said(server, RINGS);
                if (said.isThere()) {
                  told.put(server, said.at("rings").at(name));
                }
              }
              found.add(ring(name, ring.loaded().ring().version(), ring.loaded().md5(), told));
            });
    found.sort(Comparator.comparing(ClusterStatus.RingState::ring));
    return found;
  }

  private static ClusterStatus.RingState ring(
      String name, long here, String md5Here, Map<Endpoint, Facts> told) {
    long newest =
        told.values().stream().mapToLong(facts -> facts.number("version")).max().orElse(here);
    List<String> sums =
        told.values().stream()
            .filter(facts -> facts.number("version") == newest)
            .map(facts -> facts.text("md5"))
            .toList();
    // What most have: which is right cannot be told from here.
    String md5 =
        sums.stream()
            .max(Comparator.comparingInt(sum -> Collections.frequency(sums, sum)))
            .orElse("");
    List<ClusterStatus.Lag> lagging = new ArrayList<>();
    boolean settled = !told.isEmpty();
    for (Map.Entry<Endpoint, Facts> server : told.entrySet()) {
      long version = server.getValue().number("version");
      boolean same = server.getValue().text("md5").equals(md5);
      if (version != newest || !same) {
        lagging.add(new ClusterStatus.Lag(server.getKey().toString(), version, version == newest));
      }
      settled &= server.getValue().isTrue("settled");
    }
    boolean differsHere = newest == here && !sums.isEmpty() && !md5.equals(md5Here);
    return new ClusterStatus.RingState(name, newest, here, settled, lagging, differsHere);
  }

  private List<ClusterStatus.Pass> passes() {
    List<ClusterStatus.Pass> found = new ArrayList<>();
    for (Endpoint server : firsts()) {
      for (Facts holding : said(server, REPLICATION).list("holdings")) {
        found.add(pass(server, holding));
      }
    }
    return found;
  }

  private static ClusterStatus.Pass pass(Endpoint server, Facts holding) {
    Facts pass = holding.at("pass");
    Facts moved = holding.at("moved");
    Facts backlog = holding.at("backlog");
    long eta = pass.number("eta_seconds");
    return new ClusterStatus.Pass(
        server.toString(),
        holding.text("device"),
        holding.text("space"),
        pass.count("number"),
        pass.text("phase"),
        pass.count("done"),
        pass.count("left"),
        eta < 0 ? null : (Long) eta,
        moved.count("bytes_per_second"),
        moved.count("objects"),
        moved.count("bytes"),
        backlog.count("handoff_partitions"),
        backlog.count("handoffs_kept"),
        backlog.count("handoffs_held"),
        backlog.count("tombstones_kept"),
        pass.moment("last_complete").map(Instant::toString).orElse(null),
        pass.texts("waiting"),
        holding.list("faults").stream()
            .map(fault -> fault.text("peer") + ": " + fault.text("last"))
            .toList());
  }

  private List<ClusterStatus.Repairs> repairs() {
    List<ClusterStatus.Repairs> found = new ArrayList<>();
    for (Endpoint server : firsts()) {
      for (Facts repair : said(server, REPLICATION).list("repairs")) {
        found.add(
            new ClusterStatus.Repairs(
                server.toString(),
                repair.text("device"),
                repair.count("queued"),
                repair.count("done"),
                repair.count("dropped"),
                repair.count("lost")));
      }
    }
    return found;
  }

  private List<ClusterStatus.Service> services() {
    List<ClusterStatus.Service> found = new ArrayList<>();
    for (Endpoint server : firsts()) {
      for (Facts service : said(server, REPLICATION).list("services")) {
        String error = service.text("last_error");
        found.add(
            new ClusterStatus.Service(
                server.toString(),
                service.text("service"),
                service.count("done"),
                service.count("left"),
                service.count("errors"),
                service.isTrue("running"),
                service.moment("last_pass").map(Instant::toString).orElse(null),
                error.isEmpty() ? null : error));
      }
    }
    return found;
  }

  /// What servers do not answer though they say who they are: then they are not known to be well.
  private List<Warnings.Silence> silences() {
    List<Warnings.Silence> found = new ArrayList<>();
    rest.forEach(
        (question, said) -> {
          Warnings.Silence.Of of =
              switch (question.target()) {
                case DEVICES -> Warnings.Silence.Of.DEVICES;
                case OUTBOX -> Warnings.Silence.Of.LISTING_UPDATES;
                case RINGS -> Warnings.Silence.Of.RINGS;
                case REPLICATION -> Warnings.Silence.Of.REPLICATION;
                default -> null;
              };
          if (of != null && said.json() == null) {
            found.add(
                new Warnings.Silence(
                    question.server().toString(), of, String.valueOf(said.fault())));
          }
        });
    return found;
  }

  private ClusterStatus.Outbox outbox() {
    long queued = 0;
    long due = 0;
    double oldest = 0;
    for (Endpoint server : processes.keySet()) {
      Facts outbox = said(server, OUTBOX);
      queued += outbox.count("queued");
      for (Facts device : outbox.list("devices")) {
        due += device.count("due");
        oldest =
            Math.max(oldest, Objects.requireNonNullElse(device.decimal("oldest_seconds"), 0.0));
      }
    }
    return new ClusterStatus.Outbox(queued, due, oldest);
  }
}
