package org.martlet.objectserver.store;

import java.util.ArrayList;
import java.util.List;
import org.martlet.common.model.ObjectHash;

/// All that a device holds.
final class Everything {
  private static final ObjectHash FIRST = new ObjectHash(0, 0);
  private static final ObjectHash LAST = new ObjectHash(-1, -1);

  private Everything() {}

  static List<IndexedObject> of(DeviceStore store) throws StoreFault {
    List<IndexedObject> all = new ArrayList<>();
    for (int policy : store.policies()) {
      all.addAll(store.list(policy, FIRST, LAST, Integer.MAX_VALUE));
    }
    return all;
  }
}
