package org.martlet.proxyserver.api;

import com.google.common.base.Ticker;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.Headers;
import org.martlet.common.http.Response;
import org.martlet.common.model.ObjectPath;

/// Asks the servers once in a while and remembers what is there; what is missing is asked for again
/// each time, so that nobody waits for a container that another proxy has just created.
///
/// - Bounds: the memory that all entries take, estimated from their metadata.
/// - Threads: any. What is read while it is forgotten is given, but not remembered.
public final class CachedInfo implements InfoCache {
  /// Bytes that an entry takes besides its text: keys, nodes, records.
  private static final int ENTRY_BYTES = 400;

  /// The same for one header field.
  private static final int FIELD_BYTES = 150;

  private final ListingServers servers;
  private final Cache<ObjectPath, AccountInfo> accounts;
  private final Cache<ObjectPath, ContainerInfo> containers;
  private final AtomicLong forgotten = new AtomicLong();

  /// @param life how long something is remembered
  /// @param maxBytes of memory; half of it for accounts, half for containers
  /// @param ticker nanoseconds since any moment
  public CachedInfo(ListingServers servers, Duration life, long maxBytes, Ticker ticker) {
    this.servers = servers;
    this.accounts = cache(life, maxBytes / 2, ticker, AccountInfo::headers);
    this.containers = cache(life, maxBytes / 2, ticker, ContainerInfo::headers);
  }

  private static <T> Cache<ObjectPath, T> cache(
      Duration life, long maxBytes, Ticker ticker, Function<T, Map<String, String>> headers) {
    return CacheBuilder.newBuilder()
        .maximumWeight(maxBytes)
        .weigher((ObjectPath path, T info) -> weight(path, headers.apply(info)))
        .expireAfterWrite(life)
        .ticker(ticker)
        .build();
  }

  /// About how many bytes an entry takes, two for a character.
  private static int weight(ObjectPath path, Map<String, String> headers) {
    long bytes = ENTRY_BYTES + 2L * path.toString().length();
    for (Map.Entry<String, String> field : headers.entrySet()) {
      bytes += FIELD_BYTES + 2L * (field.getKey().length() + field.getValue().length());
    }
    return (int) Math.min(Integer.MAX_VALUE, bytes);
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
