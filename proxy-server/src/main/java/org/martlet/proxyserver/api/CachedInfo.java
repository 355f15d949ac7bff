package org.martlet.proxyserver.api;

import com.google.common.base.Ticker;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;

/// Asks the servers once in a while and remembers what is there; what is missing is asked for again
/// each time, so that nobody waits for a container that another proxy has just created.
///
/// - Bounds: a number of entries; each holds no more metadata than the limits on it allow.
/// - Threads: any. What is read while it is forgotten is given, but not remembered.
public final class CachedInfo implements InfoCache {
  private final ListingServers servers;
  private final Cache<ObjectPath, AccountInfo> accounts;
  private final Cache<ObjectPath, ContainerInfo> containers;
  private final AtomicLong forgotten = new AtomicLong();

  /// @param life how long something is remembered
  /// @param maxEntries accounts, and as many containers
  /// @param ticker nanoseconds since any moment
  public CachedInfo(ListingServers servers, Duration life, long maxEntries, Ticker ticker) {
    this.servers = servers;
    this.accounts = cache(life, maxEntries, ticker);
    this.containers = cache(life, maxEntries, ticker);
  }

  private static <T> Cache<ObjectPath, T> cache(Duration life, long maxEntries, Ticker ticker) {
    return CacheBuilder.newBuilder()
        .maximumSize(maxEntries)
        .expireAfterWrite(life)
        .ticker(ticker)
        .build();
  }

  @Override
  public AccountInfo accountInfo(String account) {
    return lookUp(accounts, ObjectPath.account(account), CachedInfo::account, AccountInfo::exists);
  }

  @Override
  public ContainerInfo containerInfo(String account, String container) {
    return lookUp(
        containers,
        ObjectPath.container(account, container),
        CachedInfo::container,
        ContainerInfo::exists);
  }

  private <T> T lookUp(
      Cache<ObjectPath, T> cache,
      ObjectPath path,
      Function<Response, T> understand,
      Function<T, Boolean> exists) {
    @Nullable T known = cache.getIfPresent(path);
    if (known != null) {
      return known;
    }
    long before = forgotten.get();
    T info = understand.apply(ask(path));
    if (exists.apply(info)) {
      cache.put(path, info);
      if (forgotten.get() != before) {
        cache.invalidate(path);
      }
    }
    return info;
  }

  private Response ask(ObjectPath path) {
    try {
      Response answer =
          servers.read(new ListingServers.Ask("HEAD", path, "", new Headers(), "-"), false);
      answer.body().close();
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(503);
    }
  }

  private static AccountInfo account(Response answer) {
    if (answer.isSuccess()) {
      return AccountInfo.of(answer.headers());
    }
    if (Accounts.isDeleted(answer)) {
      return AccountInfo.absent(AccountInfo.State.DELETED);
    }
    if (answer.status() == 404) {
      return AccountInfo.absent(AccountInfo.State.MISSING);
    }
    throw new ApiException(503);
  }

  private static ContainerInfo container(Response answer) {
    if (answer.isSuccess()) {
      return ContainerInfo.of(answer.headers());
    }
    if (answer.status() == 404) {
      return ContainerInfo.missing();
    }
    throw new ApiException(503);
  }

  @Override
  public void forgetAccount(String account) {
    forgotten.incrementAndGet();
    accounts.invalidate(ObjectPath.account(account));
  }

  @Override
  public void forgetContainer(String account, String container) {
    forgotten.incrementAndGet();
    containers.invalidate(ObjectPath.container(account, container));
  }
}
