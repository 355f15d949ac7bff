package org.martlet.status;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.martlet.status.ClusterStatus.Level;
import org.martlet.status.ClusterStatus.Warning;
import org.martlet.terminal.Words;

/// What somebody has to look after, in words and with what to do; from the figures of a cluster
/// alone.
final class Warnings {
  private static final double FILL_NOTE = 0.90;
  private static final double FILL_WARNING = 0.95;
  private static final double CLOCK_WARNING_SECONDS = 10;
  private static final Duration OUTBOX_WARNING = Duration.ofMinutes(10);
  private static final Duration PASS_WARNING = Duration.ofHours(24);
  private static final Duration RECENTLY = Duration.ofHours(1);
  private static final long YOUNG_SECONDS = 600;
  private static final int FAULTS_SHOWN = 3;

  /// What a server says a pass waits for where its own device is at fault.
  private static final String LOCAL_FAULT = "this device:";

  private final ClusterStatus status;
  private final List<Silence> silences;
  private final Instant now;
  private final List<Warning> found = new ArrayList<>();

  /// What a server does not tell though it answers otherwise.
  ///
  /// @param fault why, in words
  record Silence(String node, Of of, String fault) {
    /// What it was asked for.
    enum Of {
      DEVICES("the state of its devices"),
      RINGS("which rings it has"),
      LISTING_UPDATES("which listing updates are due"),
      REPLICATION("of replication, so what it holds may not be repaired");

      private final String words;

      Of(String words) {
        this.words = words;
      }
    }
  }

  Warnings(ClusterStatus status, List<Silence> silences, Instant now) {
    this.status = status;
    this.silences = silences;
    this.now = now;
  }

  /// The status with its warnings.
  ClusterStatus added() {
    nodes();
    status.devices().forEach(this::device);
    status.listingDevices().forEach(this::listingDevice);
    status.rings().forEach(this::ring);
    silences.forEach(this::silence);
    replication();
    status.repairs().forEach(this::repairs);
    status.services().forEach(this::service);
    outbox();
    found.sort(Comparator.comparing(Warning::level));
    boolean healthy = found.stream().allMatch(warning -> warning.level() == Level.NOTE);
    return new ClusterStatus(
        status.format(),
        status.time(),
        healthy,
        List.copyOf(found),
        status.nodes(),
        status.devices(),
        status.listingDevices(),
        status.rings(),
        status.replication(),
        status.repairs(),
        status.services(),
        status.outbox(),
        status.capacity());
  }

  private void add(Level level, String about, String problem, String advice) {
    found.add(new Warning(level, about, problem, advice));
  }

  private void nodes() {
    TreeSet<String> versions = new TreeSet<>();
    for (ClusterStatus.Node node : status.nodes()) {
      if (!node.reachable()) {
        add(
            Level.CRITICAL,
            node.address(),
            "it does not answer (" + String.join(", ", node.services()) + "): " + node.fault(),
            "start it, or look at its log; the others serve meanwhile, and bring it up to date"
                + " when it is back");
        continue;
      }
      if (node.version() != null) {
        versions.add(node.version());
      }
      if (Boolean.FALSE.equals(node.ready())) {
        add(
            Level.WARNING,
            node.address(),
            "it is not ready",
            "it starts or drains; if that lasts, GET /ready there says why");
      }
      Double ahead = node.clockSeconds();
      if (ahead != null && Math.abs(ahead) > CLOCK_WARNING_SECONDS) {
        add(
            Level.WARNING,
            node.address(),
            "its clock is %.0f s %s this machine's"
                .formatted(Math.abs(ahead), ahead > 0 ? "ahead of" : "behind"),
            "let NTP run on both: servers more than five minutes apart refuse each other");
      }
    }
    if (versions.size() > 1) {
      add(
          Level.NOTE,
          "nodes",
          "they run different versions: " + String.join(", ", versions),
          "finish the upgrade");
    }
  }

  /// A disk that hangs shows so first: whoever has to ask it does not answer.
  private void silence(Silence silence) {
    boolean ofDevices = silence.of() == Silence.Of.DEVICES;
    add(
        ofDevices ? Level.CRITICAL : Level.WARNING,
        silence.node(),
        "it does not tell " + silence.of().words + ": " + silence.fault(),
        ofDevices
            ? "a disk of that machine may hang: look at its kernel's log, and at the server's"
            : "look at its log; what is below does not count it");
  }

  private void device(ClusterStatus.Device device) {
    String about = device.node() + " " + device.device();
    String reason = device.reason() == null ? "" : ": " + device.reason();
    switch (device.state()) {
      // Of unknown ones the warning of their node tells, or that of what it does not say.
      case "unknown" -> {}
      case "online" -> {
        if (device.reason() != null) {
          add(
              Level.CRITICAL,
              about,
              "it is online, but of its disk is said" + reason,
              "look at the kernel's log and at its mount; then restart the server");
        }
      }
      case "low_space" ->
          add(
              Level.WARNING,
              about,
              "it has little space left and takes no more objects",
              "add devices or lower its weight, then rebalance and push the rings");
      case "full" ->
          add(
              Level.CRITICAL,
              about,
              "it is full: not even deletes are taken",
              "free space on its file system, then lower its weight and rebalance");
      case "hung", "no_answer" ->
          add(
              Level.CRITICAL,
              about,
              "its disk does not answer" + reason,
              "look at the kernel's log and at its cables; a restart of the server begins anew");
      case "not_mounted" ->
          add(
              Level.CRITICAL,
              about,
              "no disk is mounted there" + reason,
              "mount it and restart the server, or replace it and take it out of the rings");
      case "missing" ->
          add(
              Level.CRITICAL,
              about,
              "the ring names it, its server does not have it",
              "put the device there and restart the server, or take it out of the ring");
      default ->
          add(
              Level.CRITICAL,
              about,
              "it is " + device.state() + reason,
              "mend what its server says in its log, then restart the server; if the disk is"
                  + " broken, replace it");
    }
    fill(device, about);
    if (device.errors() > 0) {
      add(
          Level.WARNING,
          about,
          "the disk has failed " + device.errors() + " operations since the server's start",
          "look at the kernel's log and at smartctl; replace the disk if it goes on");
    }
    if (device.quarantined() > 0) {
      add(
          Level.NOTE,
          about,
          Words.count(device.quarantined())
              + " objects were found damaged since the server's start",
          "replication brings them back; if there are more and more, replace the disk");
    }
    device
        .auditAlarms()
        .forEach(
            alarm ->
                add(
                    Level.WARNING,
                    about,
                    "its audit says: " + alarm,
                    "make its index anew: stop the server, martlet object-server rebuild-index"));
  }

  private void fill(ClusterStatus.Device device, String about) {
    ClusterStatus.DiskSize disk = device.disk();
    if (disk == null || disk.fill() < FILL_NOTE || !device.state().equals("online")) {
      return;
    }
    add(
        disk.fill() < FILL_WARNING ? Level.NOTE : Level.WARNING,
        about,
        "it is " + Words.percent(disk.fill()) + " full",
        "add devices, or lower its weight, then rebalance and push the rings");
  }

  private void listingDevice(ClusterStatus.ListingDevice device) {
    switch (device.state()) {
      case "online", "unknown" -> {}
      case "opening" ->
          add(
              Level.NOTE,
              device.node() + " " + device.device(),
              "its " + device.service() + " listings are being opened",
              "wait");
      default ->
          add(
              Level.CRITICAL,
              device.node() + " " + device.device(),
              "its "
                  + device.service()
                  + " listings are "
                  + device.state()
                  + (device.reason() == null ? "" : ": " + device.reason()),
              "mend what its server says in its log, then restart the server");
    }
  }

  private void ring(ClusterStatus.RingState ring) {
    ring.lagging().forEach(lag -> lag(ring, lag));
    if (ring.differsHere()) {
      add(
          Level.WARNING,
          "this machine",
          "its ring "
              + ring.ring()
              + " of version "
              + ring.version()
              + " is another file than the one of the servers",
          "compare the two with martlet ring-builder; put theirs here with martlet ring pull");
    }
    if (ring.here() != ring.version()) {
      add(
          Level.NOTE,
          "this machine",
          "its ring "
              + ring.ring()
              + " is of version "
              + ring.here()
              + ", servers have "
              + ring.version(),
          ring.here() > ring.version()
              ? "martlet ring push, so that they have it too"
              : "martlet ring pull, so that commands here ask the right devices");
    }
    if (!ring.settled()) {
      add(
          Level.NOTE,
          "ring " + ring.ring(),
          "what version " + ring.version() + " moves is not yet all in its place",
          "wait before the next change of the ring; replication below shows how far it is");
    }
  }

  private void lag(ClusterStatus.RingState ring, ClusterStatus.Lag lag) {
    if (lag.version() < 0) {
      // As while servers get to know a new storage policy, one after the other.
      add(
          Level.NOTE,
          lag.node(),
          "it does not know the ring " + ring.ring(),
          "give it the ring and a cluster.toml that has its policy, then restart it, before"
              + " containers use the policy");
      return;
    }
    String its = "its ring " + ring.ring() + " of version " + lag.version();
    add(
        lag.differs() ? Level.CRITICAL : Level.WARNING,
        lag.node(),
        lag.differs() ? its + " is another one" : its + " is old, the newest is " + ring.version(),
        "martlet ring push, or wait until it fetches the ring by itself");
  }

  private void replication() {
    for (ClusterStatus.Pass pass : status.replication()) {
      String about = pass.node() + " " + pass.device() + " " + pass.ring();
      if (!pass.faults().isEmpty()) {
        String more = pass.faults().size() > FAULTS_SHOWN ? "; and others" : "";
        add(
            isPassing(pass) ? Level.NOTE : Level.WARNING,
            about,
            "its last pass could not reach "
                + pass.faults().stream().limit(FAULTS_SHOWN).collect(Collectors.joining("; "))
                + more,
            "once they answer, the next pass goes on by itself");
      }
      if (pass.waiting().contains("paused")) {
        add(Level.WARNING, about, "replication is paused", "martlet replication resume");
      }
      if (pass.handoffsHeld() > 0) {
        add(
            Level.WARNING,
            about,
            Words.count(pass.handoffsHeld())
                + " old records that no primary knows are held and not given away",
            "see docs/adr/0006: they may have been deleted while the device was away");
      }
      pass.waiting().stream()
          .filter(reason -> reason.startsWith(LOCAL_FAULT))
          .forEach(
              reason ->
                  add(
                      Level.WARNING,
                      about,
                      "its passes end early, because of " + reason,
                      "look at the device, and at the server's log"));
      if (isOverdue(pass)) {
        add(
            Level.WARNING,
            about,
            "no pass has reached all its peers for more than a day",
            "see what it waits for below");
      }
    }
  }

  /// Whether what a pass could not reach is likely there again: all servers answer now, and a pass
  /// has reached all its peers not long ago, or the server has only just started.
  private boolean isPassing(ClusterStatus.Pass pass) {
    boolean allAnswer = status.nodes().stream().allMatch(ClusterStatus.Node::reachable);
    boolean recent =
        pass.lastComplete() != null
            && Duration.between(Instant.parse(pass.lastComplete()), now).compareTo(RECENTLY) < 0;
    boolean young = uptimes(pass.node()).anyMatch(uptime -> uptime < YOUNG_SECONDS);
    return allAnswer && (recent || young);
  }

  /// Since the last complete pass, or since the server's start if there was none.
  private boolean isOverdue(ClusterStatus.Pass pass) {
    String last = pass.lastComplete();
    return last == null
        ? uptimes(pass.node()).anyMatch(uptime -> uptime > PASS_WARNING.toSeconds())
        : Duration.between(Instant.parse(last), now).compareTo(PASS_WARNING) > 0;
  }

  private Stream<Long> uptimes(String node) {
    return status.nodes().stream()
        .filter(one -> one.address().equals(node))
        .flatMap(one -> Stream.ofNullable(one.uptimeSeconds()));
  }

  private void repairs(ClusterStatus.Repairs repairs) {
    if (repairs.lost() > 0) {
      add(
          Level.CRITICAL,
          repairs.node() + " " + repairs.device(),
          Words.count(repairs.lost()) + " damaged copies have no other copy on their primaries",
          "look for them with martlet where; they may be on handoffs or on a device that is away");
    }
  }

  private void service(ClusterStatus.Service service) {
    if (service.errors() > 0) {
      add(
          Level.NOTE,
          service.node() + " " + service.service(),
          Words.count(service.errors())
              + " errors in its last pass"
              + (service.lastError() == null ? "" : ", the last: " + service.lastError()),
          "it tries again; look at the devices that it names");
    }
  }

  private void outbox() {
    ClusterStatus.Outbox outbox = status.outbox();
    if (outbox.due() > 0 && outbox.oldestSeconds() > OUTBOX_WARNING.toSeconds()) {
      add(
          Level.WARNING,
          "listings",
          Words.count(outbox.due())
              + " listing updates are due, the oldest for "
              + Words.duration((long) outbox.oldestSeconds())
              + ": new objects may not be listed yet",
          "look at the container servers: they do not answer, or their devices do not");
    }
  }
}
