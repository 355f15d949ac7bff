package org.martlet.role;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.martlet.cluster.Cluster;
import org.martlet.cluster.RingMoves;
import org.martlet.common.http.Endpoint;
import org.martlet.common.protocol.StoragePolicy;
import org.martlet.common.ring.Ring;
import org.martlet.common.ring.RingDevice;
import org.martlet.common.ring.RingHolder;
import org.martlet.replicator.listing.HttpListingReplica;
import org.martlet.replicator.listing.ListingExchange;
import org.martlet.replicator.run.BackgroundShare;
import org.martlet.replicator.run.Budget;
import org.martlet.replicator.run.DeviceCalls;
import org.martlet.replicator.run.Holding;
import org.martlet.replicator.run.HttpObjectReplica;
import org.martlet.replicator.run.HttpRepairSource;
import org.martlet.replicator.run.ObjectExchange;
import org.martlet.replicator.run.RepairSource;
import org.martlet.replicator.run.ReplicationStatus;
import org.martlet.replicator.run.Replicator;
import org.martlet.replicator.run.ReplicatorConfig;
import org.martlet.replicator.run.Space;
import org.martlet.replicator.run.SpaceExchange;
import org.martlet.replicator.run.Wire;
import org.martlet.replicator.service.AccountReaper;
import org.martlet.replicator.service.Backends;
import org.martlet.replicator.service.DeletedAccounts;
import org.martlet.replicator.service.Expirer;
import org.martlet.replicator.service.ExpiringSource;
import org.martlet.replicator.service.HttpDeletedAccounts;
import org.martlet.replicator.service.HttpExpiringSource;
import org.martlet.replicator.service.HttpMisplacedSource;
import org.martlet.replicator.service.HttpTransport;
import org.martlet.replicator.service.LocalDevice;
import org.martlet.replicator.service.MisplacedSource;
import org.martlet.replicator.service.Reconciler;
import org.martlet.replicator.service.Service;
import org.martlet.replicator.service.ServiceLoops;
import org.martlet.replicator.service.ServiceRings;
import org.martlet.replicator.service.ServiceStatus;

/// The background work of a storage process, for the services that run in it: all of a node's, or
/// objects alone, or listings alone. Whatever it does it does over HTTP, to its own services as to
/// others.
final class BackgroundService implements AutoCloseable, RingMoves {
  private final Replicator replicator;
  private final ServiceLoops services;
  private final Map<Space, Supplier<Ring>> rings;
  private final Budget budget;

  private BackgroundService(
      Replicator replicator,
      ServiceLoops services,
      Map<Space, Supplier<Ring>> rings,
      Budget budget) {
    this.replicator = replicator;
    this.services = services;
    this.rings = rings;
    this.budget = budget;
  }

  /// The services of this process; null for one that it does not run.
  record Services(
      @Nullable LocalServer objects,
      @Nullable LocalServer containers,
      @Nullable LocalServer accounts) {}

  static BackgroundService start(
      BackgroundConfig config,
      Services services,
      ClientRequests clients,
      Cluster cluster,
      SharedRuntime runtime) {
    ReplicatorConfig replication = config.replication();
    BackgroundShare share =
        new BackgroundShare(
            replication.shareBesideClients(),
            clients::count,
            new ProcessorLoad(),
            System::nanoTime);
    Budget budget =
        new Budget(
            replication.bytesPerSecond().bytes(),
            replication.requestsPerSecond(),
            share,
            runtime.clock(),
            Thread::sleep);
    Wire wire =
        new Wire(
            runtime.client(), cluster.signature(runtime.clock()), replication.timeouts(), budget);
    Wiring wiring = new Wiring(cluster, wire);
    if (services.objects() != null) {
      wiring.addObjects(services.objects());
    }
    if (services.containers() != null) {
      wiring.addListings(Space.CONTAINERS, services.containers(), cluster.containerRing());
    }
    if (services.accounts() != null) {
      wiring.addListings(Space.ACCOUNTS, services.accounts(), cluster.accountRing());
    }
    Replicator replicator =
        new Replicator(
            replication,
            wiring.holdings,
            wiring.repairs,
            budget,
            runtime.clock(),
            runtime.metrics().registry());
    replicator.start();
    return new BackgroundService(
        replicator,
        ServiceLoops.start(
            wiring.services(config, services, runtime), runtime.metrics().registry()),
        wiring.rings,
        budget);
  }

  /// Builds what the replicator is made of.
  private static final class Wiring {
    private final Cluster cluster;
    private final Wire wire;
    private final List<Holding> holdings = new ArrayList<>();
    private final Map<String, RepairSource> repairs = new TreeMap<>();
    private final Map<Space, Supplier<Ring>> rings = new TreeMap<>();

    Wiring(Cluster cluster, Wire wire) {
      this.cluster = cluster;
      this.wire = wire;
    }

    void addObjects(LocalServer server) {
      for (StoragePolicy policy : cluster.policies().all()) {
        Space space = Space.objects(policy.index());
        rings.put(space, cluster.objectRing(policy)::current);
        for (String device : server.devices()) {
          holdings.add(
              holding(
                  space,
                  cluster.objectRing(policy),
                  server,
                  device,
                  objects(server, device, policy.index())));
        }
      }
      for (String device : server.devices()) {
        repairs.put(device, new HttpRepairSource(local(server, device)));
      }
    }

    void addListings(Space space, LocalServer server, RingHolder ring) {
      rings.put(space, ring::current);
      for (String device : server.devices()) {
        ListingExchange exchange =
            new ListingExchange(
                new HttpListingReplica(local(server, device)),
                peer -> new HttpListingReplica(peer(peer)));
        holdings.add(holding(space, ring, server, device, exchange));
      }
    }

    private static Holding holding(
        Space space, RingHolder ring, LocalServer server, String device, SpaceExchange exchange) {
      return new Holding(
          space, device, ring::current, ring::previous, server.named(device), exchange);
    }

    private ObjectExchange objects(LocalServer server, String device, int policy) {
      return new ObjectExchange(
          new HttpObjectReplica(local(server, device), policy),
          peer -> new HttpObjectReplica(peer(peer), policy));
    }

    List<Service> services(BackgroundConfig config, Services services, SharedRuntime runtime) {
      Backends backends = new Backends(new HttpTransport(wire), serviceRings(), cluster.hasher());
      List<Service> made = new ArrayList<>();
      LocalServer objects = services.objects();
      if (objects != null) {
        List<LocalDevice<ExpiringSource>> devices = devices(objects, HttpExpiringSource::new);
        made.add(new Expirer(config.expirer(), backends, devices, runtime.clock()));
      }
      LocalServer accounts = services.accounts();
      if (accounts != null) {
        List<LocalDevice<DeletedAccounts>> devices = devices(accounts, HttpDeletedAccounts::new);
        made.add(new AccountReaper(config.reaper(), backends, devices, runtime.clock()));
      }
      LocalServer containers = services.containers();
      if (containers != null) {
        List<LocalDevice<MisplacedSource>> devices = devices(containers, HttpMisplacedSource::new);
        made.add(new Reconciler(config.reconciler(), backends, devices, runtime.clock()));
      }
      return made;
    }

    private <S> List<LocalDevice<S>> devices(LocalServer server, Function<DeviceCalls, S> source) {
      return server.devices().stream()
          .sorted()
          .map(
              device ->
                  new LocalDevice<S>(
                      device, server.named(device), source.apply(local(server, device))))
          .toList();
    }

    private ServiceRings serviceRings() {
      Map<Integer, Supplier<Ring>> objects = new TreeMap<>();
      cluster
          .policies()
          .all()
          .forEach(policy -> objects.put(policy.index(), cluster.objectRing(policy)::current));
      return new ServiceRings(
          cluster.accountRing()::current, cluster.containerRing()::current, objects);
    }

    private DeviceCalls local(LocalServer server, String device) {
      return new DeviceCalls(wire, server.endpoint(), device);
    }

    /// Over the network that the ring has for replication.
    private DeviceCalls peer(RingDevice peer) {
      Endpoint endpoint = new Endpoint(peer.replicationIp(), peer.replicationPort());
      return new DeviceCalls(wire, endpoint, peer.device());
    }
  }

  ReplicationStatus status() {
    return replicator.status();
  }

  /// What is replicated here.
  List<Space> spaces() {
    return List.copyOf(rings.keySet());
  }

  long ringVersion(Space space) {
    Supplier<Ring> ring = rings.get(space);
    return ring == null ? 0 : ring.get().version();
  }

  /// Of rings of other processes' devices nothing ever is here.
  @Override
  public boolean hasSettled(String ring, long version) {
    ReplicationStatus status = replicator.status();
    return spacesOf(ring).allMatch(space -> status.isSettled(space, version));
  }

  @Override
  public boolean isComplete(String ring, long version) {
    ReplicationStatus status = replicator.status();
    return spacesOf(ring).allMatch(space -> status.isComplete(space, version));
  }

  private Stream<Space> spacesOf(String ring) {
    return rings.keySet().stream().filter(space -> space.toString().equals(ring));
  }

  /// Puts in force what can change while it runs: the budget.
  void change(BackgroundConfig config) {
    budget.set(
        config.replication().bytesPerSecond().bytes(), config.replication().requestsPerSecond());
  }

  void pause() {
    replicator.pause();
  }

  void resume() {
    replicator.resume();
  }

  /// What the services beside replication have done.
  List<ServiceStatus> serviceStatus() {
    return services.status();
  }

  void passNow() {
    replicator.passNow();
    services.passNow();
  }

  /// The replicator first: it ends all waiting for the budget.
  @Override
  public void close() {
    replicator.close();
    services.close();
  }
}
