package org.martlet.ringbuilder.cli;

import com.google.common.net.InetAddresses;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;

/// Swift's one-word notation of a device.
///
/// To add: `[r<region>]z<zone>-<ip>:<port>[R<ip>:<port>]/<name>[_<meta>]`. Host names are taken
/// where Swift wants addresses; in lower case, as `R` begins the replication address. IPv6 may
/// stand in brackets, and is kept in its shortest form.
final class DeviceNotation {
  private static final String HOST = "(\\[[^\\]]+\\]|[^R/\\[\\]]+)";
  private static final Pattern ADD =
      Pattern.compile(
          "(?:r(\\d+))?z(\\d+)-" + HOST + ":(\\d+)(?:R" + HOST + ":(\\d+))?/([^_]+)(?:_(.*))?",
          Pattern.DOTALL);

  private DeviceNotation() {}

  /// A device to add; `regionGiven` is false if the text names none and 1 is assumed.
  record Added(RingDevice device, boolean regionGiven) {}

  static Added parse(String text, String weight) throws CliException {
    Matcher matcher = ADD.matcher(text);
    if (!matcher.matches()) {
      throw new CliException(
          "invalid device \""
              + text
              + "\": it should read [r<region>]z<zone>-<ip>:<port>[R<ip>:<port>]/<name>[_<meta>]");
    }
    String region = matcher.group(1);
    String ip = host(matcher.group(3));
    int port = integer("port", matcher.group(4));
    String replicationIp = matcher.group(5);
    String replicationPort = matcher.group(6);
    String meta = matcher.group(8);
    RingDevice device =
        device(
            region == null ? 1 : integer("region", region),
            integer("zone", matcher.group(2)),
            new Address(ip, port),
            replicationIp == null || replicationPort == null
                ? new Address(ip, port)
                : new Address(host(replicationIp), integer("port", replicationPort)),
            matcher.group(7),
            number("weight", weight),
            meta == null ? "" : meta);
    return new Added(device, region != null);
  }

  record Address(String ip, int port) {}

  static RingDevice device(
      int region,
      int zone,
      Address address,
      Address replication,
      String name,
      double weight,
      String meta)
      throws CliException {
    try {
      return new RingDevice(
          new DeviceId(0),
          region,
          zone,
          address.ip(),
          address.port(),
          replication.ip(),
          replication.port(),
          name,
          weight,
          meta);
    } catch (IllegalArgumentException e) {
      throw new CliException(String.valueOf(e.getMessage()));
    }
  }

  /// Lower case, IPv6 without brackets in its shortest form.
  static String host(String text) throws CliException {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    String lower = bare.toLowerCase(Locale.ROOT);
    if (InetAddresses.isInetAddress(lower)) {
      return InetAddresses.toAddrString(InetAddresses.forString(lower));
    }
    if (!bare.equals(text) || lower.indexOf(':') >= 0 || lower.matches("[0-9.]+")) {
      throw new CliException("invalid address \"" + text + "\"");
    }
    return lower;
  }

  static int integer(String what, @Nullable String text) throws CliException {
    try {
      return Integer.parseInt(String.valueOf(text));
    } catch (NumberFormatException e) {
      throw new CliException("invalid " + what + " \"" + text + "\": not a whole number");
    }
  }

  static double number(String what, String text) throws CliException {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new CliException("invalid " + what + " \"" + text + "\": not a number");
    }
  }
}
