package org.martlet.proxyserver.auth;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.martlet.common.http.PercentCoding;

/// Who may read or write a container: a comma-separated list of groups, users and, for reading,
/// hosts that a `Referer` names.
///
/// - Shape: `.r:*`, `.r:host`, `.r:.domain`, each with `-` before it to deny (the last match
///   counts);
///   `.rlistings`; anything else names a group and may be percent-encoded.
public final class ContainerAcl {
  private static final Set<String> REFERRER_WORDS = Set.of(".r", ".ref", ".referer", ".referrer");
  private static final String LISTINGS = ".rlistings";
  private static final String UNKNOWN_HOST = "unknown";

  private final List<String> referrers = new ArrayList<>();
  private final Set<String> groups;

  private ContainerAcl(List<String> referrers, Set<String> groups) {
    this.referrers.addAll(referrers);
    this.groups = groups;
  }

  /// Reads an ACL as it is stored; null is an ACL that allows nobody.
  public static ContainerAcl parse(@Nullable String acl) {
    List<String> referrers = new ArrayList<>();
    List<String> groups = new ArrayList<>();
    if (acl != null && !acl.isEmpty()) {
      for (String element : acl.split(",", -1)) {
        if (element.startsWith(".r:")) {
          referrers.add(element.substring(3));
        } else if (!element.isEmpty()) {
          byte[] group = PercentCoding.decodeBytes(element);
          String text = PercentCoding.utf8(group);
          groups.add(text == null ? new String(group, StandardCharsets.ISO_8859_1) : text);
        }
      }
    }
    return new ContainerAcl(referrers, Set.copyOf(groups));
  }

  /// The form that is stored: no spaces, one word for referrers.
  ///
  /// @param forWriting referrers say nothing about writing and are refused
  /// @throws IllegalArgumentException with a text for the client if an element means nothing
  public static String clean(String acl, boolean forWriting) {
    List<String> cleaned = new ArrayList<>();
    for (String part : acl.split(",", -1)) {
      String element = part.strip();
      int colon = element.indexOf(':');
      if (element.isEmpty()) {
        continue;
      }
      String designator = colon < 0 ? "" : element.substring(0, colon).strip();
      if (!designator.startsWith(".")) {
        cleaned.add(element);
      } else if (REFERRER_WORDS.contains(designator)) {
        if (forWriting) {
          throw new IllegalArgumentException(
              "Referrers not allowed in write ACL: '" + element + "'");
        }
        cleaned.add(".r:" + cleanReferrer(element, element.substring(colon + 1).strip()));
      } else {
        throw new IllegalArgumentException(
            "Unknown designator '" + designator + "' in ACL: '" + element + "'");
      }
    }
    return String.join(",", cleaned);
  }

  private static String cleanReferrer(String element, String given) {
    boolean negated = given.startsWith("-");
    String host = negated ? given.substring(1).strip() : given;
    if (host.startsWith("*") && !host.equals("*")) {
      host = host.substring(1).strip();
    }
    if (host.isEmpty() || host.equals(".")) {
      throw new IllegalArgumentException(
          "No host/domain value after referrer designation in ACL: '" + element + "'");
    }
    return negated ? "-" + host : host;
  }

  /// Whether one of these groups is in the list.
  public boolean allowsAnyOf(Set<String> of) {
    return of.stream().anyMatch(groups::contains);
  }

  /// Whether a page that the request was followed from gives leave to read objects.
  ///
  /// @param referer the request's `Referer`
  public boolean allowsReferrer(@Nullable String referer) {
    if (referrers.isEmpty()) {
      return false;
    }
    String host = host(referer);
    boolean allowed = false;
    for (String rule : referrers) {
      if (rule.startsWith("-")) {
        allowed &= !matches(rule.substring(1), host);
      } else {
        allowed |= rule.equals("*") || matches(rule, host);
      }
    }
    return allowed;
  }

  /// Whether who reads by referrer may list, too.
  public boolean allowsListingByReferrer() {
    return groups.contains(LISTINGS);
  }

  private static boolean matches(String rule, String host) {
    return rule.equals(host) || (rule.startsWith(".") && host.endsWith(rule));
  }

  private static String host(@Nullable String referer) {
    if (referer == null) {
      return UNKNOWN_HOST;
    }
    try {
      String host = new URI(referer.strip()).getHost();
      return host == null || host.isEmpty() ? UNKNOWN_HOST : host.toLowerCase(Locale.ROOT);
    } catch (URISyntaxException e) {
      return UNKNOWN_HOST;
    }
  }
}
