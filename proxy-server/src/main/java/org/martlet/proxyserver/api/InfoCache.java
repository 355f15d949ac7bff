package org.martlet.proxyserver.api;

/// What accounts and containers are, remembered for a short time.
///
/// - Errors: [ApiException] 503 if too few servers answered to know.
/// - Threads: any; blocks on a miss.
public interface InfoCache {
  AccountInfo accountInfo(String account);

  ContainerInfo containerInfo(String account, String container);

  /// Forgets an account; its containers are kept.
  void forgetAccount(String account);

  void forgetContainer(String account, String container);
}
