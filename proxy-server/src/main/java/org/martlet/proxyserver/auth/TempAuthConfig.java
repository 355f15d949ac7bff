package org.martlet.proxyserver.auth;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How users are told apart.
///
/// @param users everybody
/// @param resellerPrefixes the accounts that this speaks for are named by one of these and an
///     underscore; the first is that of storage URLs; none is empty, or each user of an account
///     would be in the group that owns it
/// @param requiredGroups for some prefixes, a group without which nobody owns such an account
/// @param authPrefix where tokens are given out: begins and ends with a slash
/// @param storageUrlScheme `http`, `https`, or `default` for that of the request
/// @param tokenLife how long a token is valid
public record TempAuthConfig(
    List<TempAuthUser> users,
    List<String> resellerPrefixes,
    Map<String, String> requiredGroups,
    String authPrefix,
    String storageUrlScheme,
    Duration tokenLife) {
  public static final String DEFAULT_AUTH_PREFIX = "/auth/";
  public static final String DEFAULT_RESELLER_PREFIX = "AUTH";
  public static final Duration DEFAULT_TOKEN_LIFE = Duration.ofDays(1);

  public TempAuthConfig {
    users = List.copyOf(users);
    resellerPrefixes = List.copyOf(resellerPrefixes);
    requiredGroups = Map.copyOf(requiredGroups);
    if (resellerPrefixes.isEmpty()) {
      throw new IllegalArgumentException("there is no reseller prefix");
    }
    if (resellerPrefixes.contains("")) {
      throw new IllegalArgumentException(
          "a reseller prefix is empty: every user of an account would own it");
    }
    if (authPrefix.length() < 2 || !authPrefix.startsWith("/") || !authPrefix.endsWith("/")) {
      throw new IllegalArgumentException(
          "the auth prefix does not begin and end with a slash: " + authPrefix);
    }
    if (!Set.of("default", "http", "https").contains(storageUrlScheme)) {
      throw new IllegalArgumentException(
          "the storage URL scheme is not default, http or https: " + storageUrlScheme);
    }
    if (tokenLife.toSeconds() < 1) {
      throw new IllegalArgumentException("tokens live less than a second");
    }
    Set<String> logins = new HashSet<>();
    for (TempAuthUser user : users) {
      if (!logins.add(user.login())) {
        throw new IllegalArgumentException("user " + user.login() + " is there twice");
      }
    }
  }

  /// What comes before the name in an account of that prefix, e.g. `AUTH_`.
  static String accountPrefix(String resellerPrefix) {
    return resellerPrefix.endsWith("_") ? resellerPrefix : resellerPrefix + "_";
  }
}
