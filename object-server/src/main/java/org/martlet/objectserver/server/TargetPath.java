package org.martlet.objectserver.server;

import org.jspecify.annotations.Nullable;
import org.martlet.common.http.PercentCoding;
import org.martlet.common.model.ObjectPath;

/// The path of an object request: `/<device>/<partition>/<account>/<container>/<object>`.
///
/// The partition is checked for its form only: what is stored is keyed by the hash.
///
/// @param device the device's name, as in the ring
record TargetPath(String device, ObjectPath object) {
  private static final int MAX_PARTITION_DIGITS = 10;

  /// @param rawPath as on the wire, without the query
  /// @param allowReserved whether names may hold NUL
  /// @throws Refused 400 or 412 if the path is not of that form
  static TargetPath parse(String rawPath, boolean allowReserved) {
    String[] parts = rawPath.split("/", 6);
    if (parts.length != 6 || !parts[0].isEmpty() || parts[5].isEmpty()) {
      throw new Refused(400, "The path is not /device/partition/account/container/object");
    }
    checkDevice(parts[1]);
    checkPartition(parts[2]);
    String account = name(parts[3], allowReserved);
    String container = name(parts[4], allowReserved);
    String object = name(parts[5], allowReserved);
    if (!account.startsWith(".") && isReserved(container) != isReserved(object)) {
      throw new Refused(400, "Reserved and other names do not mix in one path");
    }
    try {
      return new TargetPath(parts[1], ObjectPath.object(account, container, object));
    } catch (IllegalArgumentException e) {
      throw new Refused(400, "The path is not understood: " + e.getMessage());
    }
  }

  /// @throws Refused 400 unless the name equals its own percent-encoding
  static void checkDevice(String device) {
    boolean plain =
        !device.isEmpty()
            && !device.equals(".")
            && !device.equals("..")
            && device.chars().allMatch(TargetPath::isDeviceCharacter);
    if (!plain) {
      throw new Refused(400, "The device's name is not understood");
    }
  }

  private static boolean isDeviceCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-_.~".indexOf(c) >= 0;
  }

  private static void checkPartition(String partition) {
    boolean number =
        !partition.isEmpty()
            && partition.length() <= MAX_PARTITION_DIGITS
            && partition.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number) {
      throw new Refused(400, "The partition is not a number");
    }
  }

  private static String name(String raw, boolean allowReserved) {
    @Nullable String name = PercentCoding.decode(raw);
    if (name == null) {
      throw new Refused(412, "Invalid UTF8 or contains NULL");
    }
    if (!allowReserved && name.indexOf(0) >= 0) {
      throw isReserved(name)
          ? new Refused(400, "The name is reserved")
          : new Refused(412, "Invalid UTF8 or contains NULL");
    }
    return name;
  }

  private static boolean isReserved(String name) {
    return !name.isEmpty() && name.charAt(0) == 0;
  }
}
