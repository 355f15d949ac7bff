package org.martlet.common.protocol;

import java.util.regex.Pattern;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.http.Refused;
import org.martlet.common.model.ObjectPath;

/// What the path of a request to a storage server names:
/// `/<device>/<partition>/<account>[/<container>[/<object>]]`.
///
/// The partition is checked for its form only: what is stored is keyed by the hash.
///
/// @param device the device's name, as in the ring
public record BackendPath(String device, ObjectPath path) {
  private static final Pattern DEVICE = Pattern.compile("(?!\\.\\.?$)[A-Za-z0-9._~-]+");
  private static final Pattern PARTITION = Pattern.compile("[0-9]{1,10}");
  private static final int MAX_PARTS = 6;

  /// @param rawPath as on the wire, without the query
  /// @param allowReserved whether names may begin with NUL
  /// @throws Refused 400 or 412 if the path is not of that form
  public static BackendPath parse(String rawPath, boolean allowReserved) {
    String[] parts = rawPath.split("/", MAX_PARTS);
    if (parts.length < 4 || !parts[0].isEmpty()) {
      throw new Refused(400, "Invalid path: not /device/partition/account[/container[/object]]");
    }
    checkDevice(parts[1]);
    if (!PARTITION.matcher(parts[2]).matches()) {
      throw new Refused(400, "Invalid path: the partition is not a number");
    }
    String account = name(parts[3], allowReserved);
    try {
      if (parts.length == 4) {
        return new BackendPath(parts[1], ObjectPath.account(account));
      }
      String container = name(parts[4], allowReserved);
      if (parts.length == 5) {
        return new BackendPath(parts[1], ObjectPath.container(account, container));
      }
      String object = name(parts[5], allowReserved);
      checkNamespaces(account, container, object);
      return new BackendPath(parts[1], ObjectPath.object(account, container, object));
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "Invalid path: " + e.getMessage());
    }
  }

  /// The same where nothing but an object can be meant.
  ///
  /// @throws Refused 400 or 412 if the path is not that of an object
  public static BackendPath parseObject(String rawPath, boolean allowReserved) {
    BackendPath parsed = parse(rawPath, allowReserved);
    if (parsed.path().object() == null) {
      throw new Refused(400, "Invalid path: not /device/partition/account/container/object");
    }
    return parsed;
  }

  /// The device of `/<device>`.
  ///
  /// @throws Refused 400 if the path is not of that form
  public static String parseDevice(String rawPath) {
    if (!rawPath.startsWith("/")) {
      throw new Refused(400, "Invalid path: not /device");
    }
    checkDevice(rawPath.substring(1));
    return rawPath.substring(1);
  }

  /// @throws Refused 400 unless the name is one that stands in a path as it is
  public static void checkDevice(String device) {
    if (!DEVICE.matcher(device).matches()) {
      throw new Refused(400, "Invalid device: " + device.length() + " characters");
    }
  }

  private static String name(String raw, boolean allowReserved) {
    String name = PercentCoding.decode(raw);
    if (name == null || (name.indexOf('\0') >= 0 && !isReserved(name))) {
      throw new Refused(412, "Invalid UTF8 or contains NULL");
    }
    if (isReserved(name) && !allowReserved) {
      throw new Refused(400, "Invalid reserved-namespace name");
    }
    return name;
  }

  private static void checkNamespaces(String account, String container, String object) {
    if (!account.startsWith(".") && isReserved(container) != isReserved(object)) {
      throw new Refused(
          400,
          isReserved(container)
              ? "Invalid user-namespace object in reserved-namespace container"
              : "Invalid reserved-namespace object in user-namespace container");
    }
  }

  private static boolean isReserved(String name) {
    return !name.isEmpty() && name.charAt(0) == '\0';
  }
}
