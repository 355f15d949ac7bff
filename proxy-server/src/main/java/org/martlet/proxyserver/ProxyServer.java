package org.martlet.proxyserver;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.martlet.common.http.BlockingHandlers;
import org.martlet.common.http.HttpServer;
import org.martlet.common.http.ServerMeters;
import org.martlet.common.http.UrlForm;
import org.martlet.proxyserver.api.AccountController;
import org.martlet.proxyserver.api.Accounts;
import org.martlet.proxyserver.api.CachedInfo;
import org.martlet.proxyserver.api.ClusterListings;
import org.martlet.proxyserver.api.ContainerController;
import org.martlet.proxyserver.api.Controller;
import org.martlet.proxyserver.api.ListingAnswers;
import org.martlet.proxyserver.api.ListingServers;
import org.martlet.proxyserver.auth.ChangingAuth;
import org.martlet.proxyserver.auth.ContainerAcl;
import org.martlet.proxyserver.auth.TempAuth;
import org.martlet.proxyserver.backend.BackendClient;
import org.martlet.proxyserver.backend.BackendConfig;
import org.martlet.proxyserver.backend.Cluster;
import org.martlet.proxyserver.backend.ErrorLimiter;
import org.martlet.proxyserver.backend.PreviousRings;
import org.martlet.proxyserver.backend.ReadOrder;
import org.martlet.proxyserver.backend.RepairHints;
import org.martlet.proxyserver.filter.AccessLog;
import org.martlet.proxyserver.filter.CatchErrors;
import org.martlet.proxyserver.filter.Filter;
import org.martlet.proxyserver.filter.Gatekeeper;
import org.martlet.proxyserver.filter.Healthcheck;
import org.martlet.proxyserver.filter.InfoPage;
import org.martlet.proxyserver.filter.Pipeline;
import org.martlet.proxyserver.filter.Router;
import org.martlet.proxyserver.filter.TransactionIds;
import org.martlet.proxyserver.object.ObjectController;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running proxy: the cluster's public API on one port. This class puts its parts together.
///
/// - Threads: each request has a virtual thread of its own; how many there are is bounded by the
///   number of connections.
public final class ProxyServer implements AutoCloseable {
  /// The name of the logger that gets the access log's lines.
  public static final String ACCESS_LOG = "martlet.proxy.access";

  private final HttpServer http;
  private final ExecutorService requests;
  private final RepairHints hints;
  private final PreviousRings previousRings;
  private final Consumer<ProxyServerConfig> changes;

  private ProxyServer(
      HttpServer http,
      ExecutorService requests,
      RepairHints hints,
      PreviousRings previousRings,
      Consumer<ProxyServerConfig> changes) {
    this.http = http;
    this.requests = requests;
    this.hints = hints;
    this.previousRings = previousRings;
    this.changes = changes;
  }

  /// Starts to serve.
  ///
  /// @throws IOException that says what is wrong with the address, e.g. that the port is in use
  public static ProxyServer start(
      ProxyServerConfig config, ClusterParts cluster, ServerParts process) throws IOException {
    ExecutorService requests =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("proxy-", 0).factory());
    RepairHints hints =
        RepairHints.start(
            process.client(), cluster.signature(), config.backend(), process.meters());
    ErrorLimiter limiter =
        new ErrorLimiter(
            config.backend().errorLimit(), config.backend().errorInterval(), process.clock());
    new ProxyMeters(process.meters()).register(limiter);
    Cluster storage = storage(config.backend(), cluster, process, hints, limiter);
    AccessLog accessLog = accessLog(config.clientApi(), process);
    ChangingAuth auth = new ChangingAuth(auth(config, cluster, process));
    new ProxyMeters(process.meters()).register(auth);
    Pipeline pipeline =
        new Pipeline(
            new TransactionIds(
                () -> ThreadLocalRandom.current().nextLong(),
                config.clientApi().transactionIdSuffix()),
            process.clock(),
            filters(config, cluster, process, accessLog, auth),
            router(config, cluster, process, storage, requests));
    try {
      HttpServer http =
          HttpServer.start(
              config.listen().http(config.constraints()),
              process.loops(),
              process.front().apply(BlockingHandlers.on(requests, pipeline)),
              ServerMeters.of(process.meters(), "proxy", UrlForm.PUBLIC),
              process.clock());
      PreviousRings previousRings =
          PreviousRings.start(cluster.rings(), process.client(), config.backend(), process.clock());
      return new ProxyServer(
          http,
          requests,
          hints,
          previousRings,
          changed -> {
            ClientApiConfig api = changed.clientApi();
            accessLog.set(api.accessLog(), api.revealSensitivePrefix());
            limiter.set(changed.backend().errorLimit(), changed.backend().errorInterval());
            auth.change(auth(changed, cluster, process));
          });
    } catch (IOException | RuntimeException e) {
      hints.close();
      requests.close();
      throw e;
    }
  }

  /// The port that is bound, also where the system chose it.
  public int port() {
    return http.port();
  }

  /// Where it listens.
  public HttpServer http() {
    return http;
  }

  /// Stops to listen, lets requests under way finish within the drain timeout, then cuts them.
  @Override
  public void close() {
    http.close();
    requests.shutdownNow();
    hints.close();
    previousRings.close();
  }

  /// Puts in force what can change while it serves: the access log, when devices are asked last,
  /// and the users.
  public void change(ProxyServerConfig config) {
    changes.accept(config);
  }

  private static AccessLog accessLog(ClientApiConfig api, ServerParts process) {
    Logger lines = LoggerFactory.getLogger(ACCESS_LOG);
    AccessLog log =
        new AccessLog(process.clock(), line -> lines.info("{}", line), api.revealSensitivePrefix());
    log.set(api.accessLog(), api.revealSensitivePrefix());
    return log;
  }

  private static TempAuth auth(
      ProxyServerConfig config, ClusterParts cluster, ServerParts process) {
    return new TempAuth(
        config.tempAuth(),
        cluster.secret().reveal().getBytes(StandardCharsets.UTF_8),
        process.clock());
  }

  /// What a request passes, in this order.
  private static List<Filter> filters(
      ProxyServerConfig config,
      ClusterParts cluster,
      ServerParts process,
      AccessLog accessLog,
      ChangingAuth auth) {
    ClientApiConfig api = config.clientApi();
    return List.of(
        accessLog,
        new CatchErrors(),
        new Gatekeeper(),
        new Healthcheck(),
        new InfoPage(
            InfoSections.of(config, cluster.policies(), process.version()),
            api.exposeInfo(),
            api.adminKey().reveal(),
            process.clock()),
        auth);
  }

  private static Router router(
      ProxyServerConfig config,
      ClusterParts cluster,
      ServerParts process,
      Cluster storage,
      ExecutorService requests) {
    ListingServers listingServers = new ClusterListings(storage);
    CachedInfo cache =
        new CachedInfo(
            listingServers,
            config.cache().recheck(),
            config.cache().maxSize().bytes(),
            Ticker.systemTicker());
    Accounts accounts =
        new Accounts(
            listingServers,
            cache,
            process.timestamps(),
            cluster.policies(),
            config.clientApi().accountAutocreate());
    ListingAnswers listings = new ListingAnswers(cluster.policies(), requests);
    Controller accountController =
        new AccountController(
            listingServers,
            accounts,
            listings,
            config.constraints(),
            config.clientApi().allowAccountManagement());
    Controller containerController =
        new ContainerController(
            listingServers,
            accounts,
            cache,
            listings,
            cluster.policies(),
            config.constraints(),
            ContainerAcl::clean);
    ObjectController objectController =
        new ObjectController(
            storage, cache, config.constraints(), process.timestamps(), config.objects());
    ProxyMeters meters = new ProxyMeters(process.meters());
    meters.register(objectController.hedging(), "objects");
    meters.register(storage.listingHedging(), "listings");
    return new Router(
        accountController, containerController, objectController, config.constraints());
  }

  private static Cluster storage(
      BackendConfig config,
      ClusterParts cluster,
      ServerParts process,
      RepairHints hints,
      ErrorLimiter limiter) {
    return new Cluster(
        cluster.rings(),
        cluster.hasher(),
        new BackendClient(process.client(), cluster.signature(), limiter, config),
        config,
        new ReadOrder(Ticker.systemTicker(), ThreadLocalRandom::current),
        hints);
  }
}
