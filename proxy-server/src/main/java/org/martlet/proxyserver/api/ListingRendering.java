package org.martlet.proxyserver.api;

import java.util.Optional;
import org.martlet.common.protocol.StoragePolicies;
import org.martlet.common.protocol.StoragePolicy;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes a listing's rows, as servers give them, in one of the forms that clients take.
abstract sealed class ListingRendering {
  /// What comes before the first row.
  abstract void start(StringBuilder out);

  /// @param first whether no row came before it
  abstract void row(ObjectNode row, boolean first, StringBuilder out);

  /// What comes after the last row.
  abstract void end(StringBuilder out);

  static ListingRendering text() {
    return new Text();
  }

  /// @param account names the account
  static ListingRendering accountXml(String account, StoragePolicies policies) {
    return new AccountXml(account, policies);
  }

  static ListingRendering containerXml(String container) {
    return new ContainerXml(container);
  }

  static ListingRendering accountJson(StoragePolicies policies) {
    return new AccountJson(policies);
  }

  private static Optional<String> subdir(JsonNode row) {
    JsonNode subdir = row.path("subdir");
    return subdir.isString() ? Optional.of(subdir.stringValue()) : Optional.empty();
  }

  private static Optional<String> policyName(JsonNode row, StoragePolicies policies) {
    JsonNode index = row.path("storage_policy_index");
    return index.isIntegralNumber()
        ? policies.find(index.asInt(-1)).map(StoragePolicy::name)
        : Optional.empty();
  }

  /// One name a line.
  private static final class Text extends ListingRendering {
    @Override
    void start(StringBuilder out) {}

    @Override
    void row(ObjectNode row, boolean first, StringBuilder out) {
      out.append(subdir(row).orElseGet(() -> row.path("name").asString(""))).append('\n');
    }

    @Override
    void end(StringBuilder out) {}
  }

  /// The servers' rows with the storage policy's name for its index.
  private static final class AccountJson extends ListingRendering {
    private final StoragePolicies policies;

    AccountJson(StoragePolicies policies) {
      this.policies = policies;
    }

    @Override
    void start(StringBuilder out) {
      out.append('[');
    }

    @Override
    void row(ObjectNode row, boolean first, StringBuilder out) {
      Optional<String> policy = policyName(row, policies);
      row.remove("storage_policy_index");
      policy.ifPresent(name -> row.put("storage_policy", name));
      out.append(first ? "" : ", ").append(JsonMapper.shared().writeValueAsString(row));
    }

    @Override
    void end(StringBuilder out) {
      out.append(']');
    }
  }

  /// What both kinds of XML share.
  private abstract static sealed class Xml extends ListingRendering {
    private final String root;
    private final String name;

    Xml(String root, String name) {
      this.root = root;
      this.name = name;
    }

    @Override
    void start(StringBuilder out) {
      out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<").append(root).append(" name=\"");
      escape(out, name);
      out.append("\">");
    }

    @Override
    void end(StringBuilder out) {
      out.append("</").append(root).append('>');
    }

    static void element(StringBuilder out, String name, JsonNode value) {
      if (value.isMissingNode()) {
        return;
      }
      element(out, name, value.asString(""));
    }

    static void element(StringBuilder out, String name, String value) {
      out.append('<').append(name).append('>');
      escape(out, value);
      out.append("</").append(name).append('>');
    }

    /// Characters that XML cannot hold at all become U+FFFD.
    static void escape(StringBuilder out, String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        switch (c) {
          case '&' -> out.append("&amp;");
          case '<' -> out.append("&lt;");
          case '>' -> out.append("&gt;");
          case '"' -> out.append("&quot;");
          case '\n', '\r', '\t' -> out.append("&#").append((int) c).append(';');
          default -> out.append(c < ' ' || c == 0xfffe || c == 0xffff ? '\ufffd' : c);
        }
      }
    }
  }

  private static final class AccountXml extends Xml {
    private final StoragePolicies policies;

    AccountXml(String account, StoragePolicies policies) {
      super("account", account);
      this.policies = policies;
    }

    @Override
    void row(ObjectNode row, boolean first, StringBuilder out) {
      Optional<String> subdir = subdir(row);
      if (subdir.isPresent()) {
        out.append("<subdir name=\"");
        escape(out, subdir.get());
        out.append("\" />");
        return;
      }
      out.append("<container>");
      for (String field : new String[] {"name", "count", "bytes", "last_modified"}) {
        element(out, field, row.path(field));
      }
      policyName(row, policies).ifPresent(name -> element(out, "storage_policy", name));
      out.append("</container>");
    }
  }

  private static final class ContainerXml extends Xml {
    ContainerXml(String container) {
      super("container", container);
    }

    @Override
    void row(ObjectNode row, boolean first, StringBuilder out) {
      Optional<String> subdir = subdir(row);
      if (subdir.isPresent()) {
        out.append("<subdir name=\"");
        escape(out, subdir.get());
        out.append("\">");
        element(out, "name", subdir.get());
        out.append("</subdir>");
        return;
      }
      out.append("<object>");
      for (String field : new String[] {"name", "hash", "bytes", "content_type", "last_modified"}) {
        element(out, field, row.path(field));
      }
      out.append("</object>");
    }
  }
}
