package org.martlet.proxyserver.auth;

import java.util.List;

/// One user in the configuration.
///
/// @param account without the reseller prefix, e.g. `test`
/// @param user e.g. `tester`
/// @param key the password
/// @param groups e.g. `.admin`, `.reseller_admin`, `.service`
/// @param url what the user is told to use for storage; empty for the account's own URL
public record TempAuthUser(
    String account, String user, String key, List<String> groups, String url) {
  public TempAuthUser {
    groups = List.copyOf(groups);
    if (account.isEmpty() || account.indexOf(':') >= 0 || account.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "a user's account is empty or holds a colon or a slash: \"" + account + "\"");
    }
    if (user.isEmpty()) {
      throw new IllegalArgumentException("a user of account " + account + " has no name");
    }
    if ((account + user + String.join("", groups)).chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a user's names hold a control character");
    }
    if (key.isEmpty()) {
      throw new IllegalArgumentException("user " + account + ":" + user + " has no key");
    }
    if (groups.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException(
          "user " + account + ":" + user + " has a group without a name");
    }
  }

  /// What the user logs in as: `account:user`.
  public String login() {
    return account + ":" + user;
  }

  /// Without the key.
  @Override
  public String toString() {
    return login() + " " + groups;
  }
}
