package org.martlet.common.kv;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.martlet.common.disk.CrashChoice;
import org.martlet.common.disk.PowerSwitch;

/// Databases in memory, by directory, with what a restart and what a power loss leaves of each.
///
/// Give it the [PowerSwitch] of the [org.martlet.common.disk.CrashDisk] beside it: writes, syncs
/// and flushes are crash points among those of the disk, and one cut stops both.
public final class InMemoryKeyValues implements KeyValueOpener {
  private final PowerSwitch power;
  private final Map<Path, InMemoryStore> stores = new HashMap<>();

  public InMemoryKeyValues(PowerSwitch power) {
    this.power = power;
  }

  @Override
  public synchronized KeyValueStore open(Path directory, List<KeyValueFamily> families, LogUse log)
      throws KeyValueFault {
    InMemoryStore before = stores.get(directory);
    if (before != null && !before.isClosed()) {
      throw new KeyValueFault(KeyValueFault.Kind.IO, "open " + directory + ": it is open");
    }
    Map<String, TreeMap<byte[], byte[]>> durable = before == null ? Map.of() : before.afterClose();
    for (String name : durable.keySet()) {
      if (families.stream().noneMatch(family -> family.name().equals(name))) {
        throw new IllegalArgumentException(directory + " has a family that was left out: " + name);
      }
    }
    // Opening writes what the log holds to tables: it is durable then.
    InMemoryStore store = new InMemoryStore(directory.toString(), log, power, families, durable);
    stores.put(directory, store);
    return store;
  }

  /// What a database holds now, by family and key, the keys in their order; empty for one that was
  /// never opened.
  public synchronized Map<String, SortedMap<byte[], byte[]>> contents(Path directory) {
    InMemoryStore store = stores.get(directory);
    return store == null ? Map.of() : store.contents();
  }

  /// The databases as a power loss leaves them. These are not changed; cut the power first.
  public synchronized InMemoryKeyValues crash(CrashChoice choice, PowerSwitch newPower) {
    InMemoryKeyValues left = new InMemoryKeyValues(newPower);
    stores.forEach((path, store) -> left.stores.put(path, store.afterPowerLoss(choice, newPower)));
    return left;
  }
}
