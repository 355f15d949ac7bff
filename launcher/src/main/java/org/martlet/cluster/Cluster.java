package org.martlet.cluster;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.martlet.common.config.ConfigException;
import org.martlet.common.config.Secret;
import org.martlet.common.model.PathHasher;
import org.martlet.common.protocol.BackendSignature;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingFile;
import org.martlet.common.ring.RingFileException;
import org.martlet.common.ring.RingHolder;
import org.martlet.common.ring.RingInbox;
import org.martlet.common.ring.RingSeal;
import org.martlet.common.ring.RingWatcher;
import org.martlet.log.LogConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A cluster as one process knows it: its configuration, its rings as they change.
public final class Cluster {
  private static final String ACCOUNT = "account";
  private static final String CONTAINER = "container";
  private static final int ID_BYTES = 16;
  private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

  private final ClusterConfig config;
  private final Map<String, RingWatcher> rings;
  private final RingInbox inbox;

  private Cluster(ClusterConfig config, Map<String, RingWatcher> rings) {
    this.config = config;
    this.rings = rings;
    this.inbox = new RingInbox(rings, ringSeal());
  }

  /// Reads a cluster file and every ring that it implies.
  public static Cluster load(Path clusterFile) throws ConfigException, RingFileException {
    ClusterConfig config = ConfigFiles.read(clusterFile, ClusterConfig::read).config();
    Map<String, RingWatcher> rings = new HashMap<>();
    List<RingFileException> broken = new ArrayList<>();
    for (Map.Entry<String, Path> file : ringFiles(clusterFile, config).entrySet()) {
      try {
        rings.put(file.getKey(), RingWatcher.open(file.getValue()));
      } catch (RingFileException e) {
        broken.add(e);
      }
    }
    if (!broken.isEmpty()) {
      throw RingFileException.all(broken);
    }
    return new Cluster(config, rings);
  }

  private static Map<String, Path> ringFiles(Path clusterFile, ClusterConfig config) {
    Path directory =
        clusterFile.toAbsolutePath().resolveSibling(config.common().ringDirectory()).normalize();
    List<String> names = new ArrayList<>(List.of(ACCOUNT, CONTAINER));
    config.policies().all().stream().map(StoragePolicy::ringName).forEach(names::add);
    Map<String, Path> files = new TreeMap<>();
    names.forEach(name -> files.put(name, directory.resolve(name + ".ring.gz")));
    return files;
  }

  /// Fetches those rings that a cluster file implies and that are missing here or cannot be read:
  /// the first ones of a new machine. What cannot be fetched is told by loading the cluster.
  ///
  /// @param sources where to look instead of where the cluster file says
  public static Map<String, RingPuller.Look> fetchMissingRings(Path clusterFile, List<URI> sources)
      throws ConfigException {
    ClusterConfig config = ConfigFiles.read(clusterFile, ClusterConfig::read).config();
    Map<String, Path> missing = ringFiles(clusterFile, config);
    missing.values().removeIf(Cluster::canBeRead);
    List<URI> urls = sources.isEmpty() ? config.common().ringSources().urls() : sources;
    return missing.isEmpty() || urls.isEmpty()
        ? Map.of()
        : RingPuller.ofFirst(urls, missing, ringSeal(config)).look();
  }

  private static boolean canBeRead(Path ring) {
    try {
      RingFile.load(ring);
      return true;
    } catch (RingFileException e) {
      LOG.debug("{} cannot be read", ring, e);
      return false;
    }
  }

  /// Reads from a cluster file which cluster it is of.
  public static String id(Path clusterFile) throws ConfigException {
    return idOf(ConfigFiles.read(clusterFile, ClusterConfig::read).config());
  }

  /// Follows changes of the ring files from now on.
  @SuppressWarnings("FutureReturnValueIgnored") // checks report their own failures
  public void watch(ScheduledExecutorService scheduler) {
    rings.values().forEach(ring -> ring.watch(scheduler));
  }

  /// Looks now whether ring files have changed, and puts newer ones in force.
  public void checkRings() {
    rings.values().forEach(RingWatcher::check);
  }

  /// Forgets previous rings that this process has no more use for, from now on: only in one without
  /// a proxy, which asks the devices of the previous ring until the whole cluster has settled.
  @SuppressWarnings("FutureReturnValueIgnored") // it reports its own failures
  public void forgetSettled(ScheduledExecutorService scheduler, SettledRings settled) {
    long period = RingWatcher.INTERVAL.toMillis();
    scheduler.scheduleWithFixedDelay(
        () -> forgetSettled(settled), period, period, TimeUnit.MILLISECONDS);
  }

  private void forgetSettled(SettledRings settled) {
    try {
      rings.forEach((name, ring) -> forgetSettled(name, ring, settled));
    } catch (RuntimeException e) {
      LOG.error("it could not be told which rings have settled", e);
    }
  }

  /// The previous ring is looked at first: one that comes meanwhile is not meant.
  static void forgetSettled(String name, RingWatcher ring, SettledRings settled) {
    Optional<Ring> previous = ring.holder().previous();
    if (previous.isPresent() && settled.hasSettled(name, ring.holder().current().version())) {
      ring.settledHere(previous.get());
    }
  }

  /// Where newer rings are taken in; the rings by name are in it.
  public RingInbox inbox() {
    return inbox;
  }

  /// Seals ring files for this cluster.
  public RingSeal ringSeal() {
    return ringSeal(config);
  }

  private static RingSeal ringSeal(ClusterConfig config) {
    return switch (config.common().backendAuth()) {
      case HMAC ->
          RingSeal.with(config.common().secret().reveal().getBytes(StandardCharsets.UTF_8));
      case NONE -> RingSeal.none();
    };
  }

  /// Whether requests between servers are signed at all.
  public boolean signs() {
    return config.common().backendAuth() == BackendAuth.HMAC;
  }

  /// Where rings are fetched from, and how often.
  public RingSources ringSources() {
    return config.common().ringSources();
  }

  public RingHolder accountRing() {
    return ring(ACCOUNT);
  }

  public RingHolder containerRing() {
    return ring(CONTAINER);
  }

  public RingHolder objectRing(StoragePolicy policy) {
    return ring(policy.ringName());
  }

  private RingHolder ring(String name) {
    RingWatcher watcher = rings.get(name);
    if (watcher == null) {
      throw new IllegalArgumentException("there is no ring " + name);
    }
    return watcher.holder();
  }

  public StoragePolicies policies() {
    return config.policies();
  }

  public PathHasher hasher() {
    return new PathHasher(
        config.common().hashPrefix().reveal(), config.common().hashSuffix().reveal());
  }

  public BackendSignature signature(InstantSource clock) {
    return switch (config.common().backendAuth()) {
      case HMAC ->
          BackendSignature.with(
              config.common().secret().reveal().getBytes(StandardCharsets.UTF_8), clock);
      case NONE -> BackendSignature.none(clock);
    };
  }

  /// Tells this cluster's devices from others': derived from the hash prefix and suffix, which are
  /// what a device's contents depend on and which never change.
  public String id() {
    return idOf(config);
  }

  private static String idOf(ClusterConfig config) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update("martlet cluster id".getBytes(StandardCharsets.US_ASCII));
      sha256.update((byte) 0);
      sha256.update(config.common().hashPrefix().reveal().getBytes(StandardCharsets.UTF_8));
      sha256.update((byte) 0);
      sha256.update(config.common().hashSuffix().reveal().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha256.digest(), 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// What each process writes to its log.
  public LogConfig log() {
    return config.log();
  }

  /// While it is there, servers say that they are not to be used.
  public Optional<Path> disablingFile() {
    return config.disablingFile();
  }

  /// For clients' tokens and digests.
  public Secret secret() {
    return config.common().secret();
  }
}
