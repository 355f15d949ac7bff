package org.martlet.ringbuilder.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.martlet.common.ring.RingDevice;

/// Which devices an operator means: every given part must match, meta as a substring.
///
/// The text form is Swift's search value,
/// `d<id>r<region>z<zone>-<ip>:<port>R<ip>:<port>/<name>_<meta>`, of which any part may be left
/// out but not all. The `-` may be left out before an address, not before a host name.
final class DeviceSearch {
  static final String GRAMMAR = "d<id>r<region>z<zone>-<ip>:<port>R<ip>:<port>/<name>_<meta>";

  private static final String IP = "\\[[^\\]]*\\]|[0-9][0-9.]*";
  private static final Pattern TEXT =
      Pattern.compile(
          "(?:d(\\d+))?(?:r(\\d+))?(?:z(\\d+))?"
              + "(?:-?("
              + IP
              + ")|-([a-z][a-z0-9.-]*)|-)?(?::(\\d+))?"
              + "(?:R("
              + IP
              + "|[a-z][a-z0-9.-]*)?(?::(\\d+))?)?"
              + "(?:/([^_]*))?(?:_(.*))?",
          Pattern.DOTALL);

  private final List<Predicate<RingDevice>> conditions = new ArrayList<>();
  private final List<String> meaning = new ArrayList<>();

  static DeviceSearch parse(String text) throws CliException {
    Matcher matcher = TEXT.matcher(text);
    if (text.isEmpty() || !matcher.matches()) {
      throw new CliException("invalid search value \"" + text + "\": it should read " + GRAMMAR);
    }
    String host = matcher.group(4) != null ? matcher.group(4) : matcher.group(5);
    DeviceSearch search =
        new DeviceSearch()
            .id(number(matcher, 1))
            .region(number(matcher, 2))
            .zone(number(matcher, 3))
            .ip(host)
            .port(number(matcher, 6))
            .replicationIp(matcher.group(7))
            .replicationPort(number(matcher, 8))
            .name(matcher.group(9))
            .meta(matcher.group(10));
    if (search.isEmpty()) {
      throw new CliException("invalid search value \"" + text + "\": it names nothing");
    }
    return search;
  }

  private static @Nullable Integer number(Matcher matcher, int group) throws CliException {
    String digits = matcher.group(group);
    return digits == null ? null : DeviceNotation.integer("number", digits);
  }

  DeviceSearch id(@Nullable Integer id) {
    return where("device id", id, device -> Objects.equals(device.id().value(), id));
  }

  DeviceSearch region(@Nullable Integer region) {
    return where("region", region, device -> Objects.equals(device.region(), region));
  }

  DeviceSearch zone(@Nullable Integer zone) {
    return where("zone", zone, device -> Objects.equals(device.zone(), zone));
  }

  DeviceSearch ip(@Nullable String host) throws CliException {
    String normal = host == null ? null : DeviceNotation.host(host);
    return where("address", normal, device -> device.ip().equals(normal));
  }

  DeviceSearch port(@Nullable Integer port) {
    return where("port", port, device -> Objects.equals(device.port(), port));
  }

  DeviceSearch replicationIp(@Nullable String host) throws CliException {
    String normal = host == null ? null : DeviceNotation.host(host);
    return where("replication address", normal, device -> device.replicationIp().equals(normal));
  }

  DeviceSearch replicationPort(@Nullable Integer port) {
    return where(
        "replication port", port, device -> Objects.equals(device.replicationPort(), port));
  }

  DeviceSearch name(@Nullable String name) {
    return where("device name", name, device -> device.device().equals(name));
  }

  DeviceSearch weight(@Nullable Double weight) {
    return where("weight", weight, device -> Objects.equals(device.weight(), weight));
  }

  DeviceSearch meta(@Nullable String part) {
    return where("meta", part, device -> part != null && device.meta().contains(part));
  }

  /// The devices that a search value means; there is at least one.
  ///
  /// @throws CliException if there is none: it says what the text was taken for
  static List<RingDevice> find(List<RingDevice> devices, String text) throws CliException {
    boolean isName = devices.stream().anyMatch(device -> device.device().equals(text));
    String hint = isName ? " (the device with the name " + text + " is /" + text + ")" : "";
    if (isName && !TEXT.matcher(text).matches()) {
      throw new CliException("invalid search value \"" + text + "\"" + hint);
    }
    DeviceSearch search = parse(text);
    List<RingDevice> found = search.in(devices);
    if (found.isEmpty()) {
      throw search.foundNothing("\"" + text + "\", that is ", hint);
    }
    return found;
  }

  /// The devices that match; there is at least one.
  ///
  /// @throws CliException if there is none
  List<RingDevice> find(List<RingDevice> devices) throws CliException {
    List<RingDevice> found = in(devices);
    if (found.isEmpty()) {
      throw foundNothing("", "");
    }
    return found;
  }

  private CliException foundNothing(String asked, String hint) {
    return new CliException(
        "no device matches %s%s%s; nothing was changed"
            .formatted(asked, String.join(", ", meaning), hint));
  }

  boolean isEmpty() {
    return conditions.isEmpty();
  }

  List<RingDevice> in(List<RingDevice> devices) {
    return devices.stream()
        .filter(device -> conditions.stream().allMatch(condition -> condition.test(device)))
        .toList();
  }

  private DeviceSearch where(String what, @Nullable Object given, Predicate<RingDevice> condition) {
    if (given != null) {
      conditions.add(condition);
      meaning.add(what + " " + given);
    }
    return this;
  }
}
