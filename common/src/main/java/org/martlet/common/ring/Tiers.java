package org.martlet.common.ring;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The failure domains of a ring's devices as small numbers, for the handoff walk.
///
/// Levels are region, (region, zone) and (region, zone, ip); a server is its ip, whatever the
/// port, as in Swift. Only devices that hold at least one partition are counted: the walk stops
/// a level early when all *assigned* tiers are used.
final class Tiers {
  static final int LEVELS = 3;

  private final int[][] tierOfDevice;
  private final int[] assigned = new int[LEVELS];
  private final int assignedDevices;

  Tiers(@Nullable RingDevice[] byId, boolean[] holdsParts) {
    tierOfDevice = new int[LEVELS][byId.length];
    int devices = 0;
    for (int level = 0; level < LEVELS; level++) {
      Map<List<Object>, Integer> numbers = new HashMap<>();
      for (int id = 0; id < byId.length; id++) {
        RingDevice device = byId[id];
        if (device != null && holdsParts[id]) {
          tierOfDevice[level][id] =
              numbers.computeIfAbsent(key(device, level), tier -> numbers.size());
        }
      }
      assigned[level] = numbers.size();
    }
    for (boolean holds : holdsParts) {
      devices += holds ? 1 : 0;
    }
    assignedDevices = devices;
  }

  private static List<Object> key(RingDevice device, int level) {
    return switch (level) {
      case 0 -> List.of(device.region());
      case 1 -> List.of(device.region(), device.zone());
      default -> List.of(device.region(), device.zone(), device.ip());
    };
  }

  /// The number, from 0, of the tier that holds an assigned device at a level.
  int tier(int level, int device) {
    return tierOfDevice[level][device];
  }

  /// The tiers at a level that hold an assigned device.
  int count(int level) {
    return assigned[level];
  }

  int assignedDevices() {
    return assignedDevices;
  }
}
