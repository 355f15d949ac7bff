package org.martlet.proxyserver;

import org.martlet.common.config.ConfigTable;
import org.martlet.common.config.Secret;

/// How the proxy behaves towards clients, beyond limits.
///
/// @param accountAutocreate whether the first change to an account creates it
/// @param allowAccountManagement whether clients (reseller admins) may PUT and DELETE accounts
/// @param exposeInfo whether `/info` answers
/// @param adminKey signs requests for the admin section of `/info`; empty for none
/// @param transactionIdSuffix at the end of each transaction id
/// @param accessLog whether a line is written for each request
/// @param revealSensitivePrefix how many characters of a token the access log shows
public record ClientApiConfig(
    boolean accountAutocreate,
    boolean allowAccountManagement,
    boolean exposeInfo,
    Secret adminKey,
    String transactionIdSuffix,
    boolean accessLog,
    int revealSensitivePrefix) {
  static ClientApiConfig read(ConfigTable table) {
    return new ClientApiConfig(
        table.bool("account_autocreate", true),
        table.bool("allow_account_management", false),
        table.bool("expose_info", true),
        table.secret("admin_key", new Secret("")),
        table.text("trans_id_suffix", ""),
        table.bool("access_log", true),
        table.integer("reveal_sensitive_prefix", 16, 0, 64));
  }
}
