package org.martlet.containerserver.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.martlet.common.model.Timestamp;
import org.martlet.common.protocol.ContainerStat;
import org.martlet.common.protocol.ContainerStat.Usage;
import org.martlet.common.protocol.ListingRow;
import org.martlet.containerserver.listing.ListingPage;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Writes listings in Swift's forms: one name a line, JSON, XML.
final class ListingWriter {
  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
  private static final String XML_HEAD = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

  private ListingWriter() {}

  /// A container's listing.
  static byte[] objects(
      ListingFormat format, String container, List<ListingPage.Entry<ListingRow>> entries) {
    return switch (format) {
      case PLAIN -> plain(entries.stream().map(ListingWriter::objectName).toList());
      case JSON -> json(entries, ListingWriter::writeObject);
      case XML, TEXT_XML -> objectsXml(container, entries);
    };
  }

  /// An account's listing.
  static byte[] containers(
      ListingFormat format, String account, List<ListingPage.Entry<ContainerStat>> entries) {
    return switch (format) {
      case PLAIN -> plain(entries.stream().map(ListingWriter::containerName).toList());
      case JSON -> json(entries, ListingWriter::writeContainer);
      case XML, TEXT_XML -> containersXml(account, entries);
    };
  }

  /// `2014-06-10T22:47:32.054580`.
  static String iso(Timestamp timestamp) {
    return ISO.format(timestamp.toInstant());
  }

  private static String objectName(ListingPage.Entry<ListingRow> entry) {
    return switch (entry) {
      case ListingPage.Item<ListingRow> item -> item.row().name();
      case ListingPage.Subdirectory<ListingRow> directory -> directory.name();
    };
  }

  private static String containerName(ListingPage.Entry<ContainerStat> entry) {
    return switch (entry) {
      case ListingPage.Item<ContainerStat> item -> item.row().name();
      case ListingPage.Subdirectory<ContainerStat> directory -> directory.name();
    };
  }

  private static byte[] plain(List<String> names) {
    StringBuilder text = new StringBuilder();
    names.forEach(name -> text.append(name).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private interface EntryWriter<R> {
    void write(JsonGenerator out, R row);
  }

  private static <R> byte[] json(List<ListingPage.Entry<R>> entries, EntryWriter<R> writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + 192 * entries.size());
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      out.writeStartArray();
      for (ListingPage.Entry<R> entry : entries) {
        out.writeStartObject();
        switch (entry) {
          case ListingPage.Item<R> item -> writer.write(out, item.row());
          case ListingPage.Subdirectory<R> directory ->
              out.writeStringProperty("subdir", directory.name());
        }
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    return bytes.toByteArray();
  }

  private static void writeObject(JsonGenerator out, ListingRow row) {
    ListedSize listed = ListedSize.of(row);
    out.writeStringProperty("name", row.name());
    out.writeNumberProperty("bytes", listed.bytes());
    out.writeStringProperty("hash", row.etag());
    out.writeStringProperty("content_type", listed.contentType());
    out.writeStringProperty("last_modified", iso(row.metadata()));
  }

  private static void writeContainer(JsonGenerator out, ContainerStat stat) {
    Usage all = usage(stat);
    out.writeStringProperty("name", stat.name());
    out.writeNumberProperty("count", all.objects());
    out.writeNumberProperty("bytes", all.bytes());
    out.writeStringProperty("last_modified", iso(stat.put()));
    out.writeNumberProperty("storage_policy_index", stat.policy());
  }

  private static Usage usage(ContainerStat stat) {
    return stat.usage().values().stream().reduce(Usage.NONE, Usage::plus);
  }

  private static byte[] objectsXml(String container, List<ListingPage.Entry<ListingRow>> entries) {
    StringBuilder out = new StringBuilder(XML_HEAD).append("<container");
    attribute(out, container).append('>');
    for (ListingPage.Entry<ListingRow> entry : entries) {
      switch (entry) {
        case ListingPage.Item<ListingRow> item -> {
          ListingRow row = item.row();
          ListedSize listed = ListedSize.of(row);
          out.append("<object>");
          element(out, "name", row.name());
          element(out, "hash", row.etag());
          element(out, "bytes", Long.toString(listed.bytes()));
          element(out, "content_type", listed.contentType());
          element(out, "last_modified", iso(row.metadata()));
          out.append("</object>");
        }
        case ListingPage.Subdirectory<ListingRow> directory -> {
          attribute(out.append("<subdir"), directory.name()).append('>');
          element(out, "name", directory.name()).append("</subdir>");
        }
      }
    }
    return out.append("</container>").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] containersXml(
      String account, List<ListingPage.Entry<ContainerStat>> entries) {
    StringBuilder out = new StringBuilder(XML_HEAD).append("<account");
    attribute(out, account).append(">\n");
    for (ListingPage.Entry<ContainerStat> entry : entries) {
      switch (entry) {
        case ListingPage.Item<ContainerStat> item -> {
          ContainerStat stat = item.row();
          Usage all = usage(stat);
          out.append("<container>");
          element(out, "name", stat.name());
          element(out, "count", Long.toString(all.objects()));
          element(out, "bytes", Long.toString(all.bytes()));
          element(out, "last_modified", iso(stat.put()));
          out.append("</container>\n");
        }
        case ListingPage.Subdirectory<ContainerStat> directory ->
            attribute(out.append("<subdir"), directory.name()).append(" />\n");
      }
    }
    return out.append("</account>").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static StringBuilder attribute(StringBuilder out, String name) {
    return escape(out.append(" name=\""), name).append('"');
  }

  private static StringBuilder element(StringBuilder out, String tag, String text) {
    escape(out.append('<').append(tag).append('>'), text);
    return out.append("</").append(tag).append('>');
  }

  /// Characters that XML cannot hold at all become U+FFFD.
  private static StringBuilder escape(StringBuilder out, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\n' -> out.append("&#10;");
        case '\r' -> out.append("&#13;");
        case '\t' -> out.append("&#9;");
        default -> out.append(c < ' ' || c == 0xfffe || c == 0xffff ? '\ufffd' : c);
      }
    }
    return out;
  }
}
