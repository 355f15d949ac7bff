package org.martlet.ringbuilder.builder;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.martlet.common.model.DeviceId;
import org.martlet.common.ring.RingDevice;

/// The devices of a builder, those that the next rebalance will remove, and which ids were
/// given.
///
/// Invariants: no two devices have the same address and name; every id is below the next one.
/// Not thread-safe. Every method that throws leaves the roster as it was.
final class DeviceRoster {
  private final TreeMap<DeviceId, RingDevice> devices = new TreeMap<>();
  private final Map<Place, DeviceId> places = new HashMap<>();
  private final TreeSet<DeviceId> removed = new TreeSet<>();
  private int nextId;

  private record Place(String ip, int port, String device) {
    static Place of(RingDevice device) {
      return new Place(device.ip(), device.port(), device.device());
    }
  }

  DeviceRoster copy() {
    DeviceRoster copy = new DeviceRoster();
    copy.devices.putAll(devices);
    copy.places.putAll(places);
    copy.removed.addAll(removed);
    copy.nextId = nextId;
    return copy;
  }

  Collection<DeviceId> ids() {
    return devices.keySet();
  }

  /// All devices in order of id.
  Collection<RingDevice> all() {
    return devices.values();
  }

  /// Those that the next rebalance keeps.
  List<RingDevice> staying() {
    return devices.values().stream().filter(device -> !removed.contains(device.id())).toList();
  }

  /// Those that the next rebalance removes.
  Set<DeviceId> removed() {
    return Collections.unmodifiableSet(removed);
  }

  boolean isRemoved(DeviceId device) {
    return removed.contains(device);
  }

  boolean knows(int device) {
    return device >= 0 && devices.containsKey(new DeviceId(device));
  }

  /// By id, whether a device is among some.
  boolean[] marked(Collection<DeviceId> some) {
    boolean[] marked = new boolean[nextId];
    for (DeviceId device : some) {
      if (knows(device.value())) {
        marked[device.value()] = true;
      }
    }
    return marked;
  }

  /// Above every id that was ever given.
  int nextId() {
    return nextId;
  }

  /// Gives a device the next id.
  RingDevice add(RingDevice device) throws RingBuilderException {
    checkUnique(device, null);
    DeviceId given = freeId();
    RingDevice added =
        new RingDevice(
            given,
            device.region(),
            device.zone(),
            device.ip(),
            device.port(),
            device.replicationIp(),
            device.replicationPort(),
            device.device(),
            device.weight(),
            device.meta());
    put(added);
    return added;
  }

  /// Takes a device with its id, as a file or a ring names it.
  void restore(RingDevice device, boolean markedRemoved) throws RingBuilderException {
    if (device.id().value() > RingBuilder.MAX_DEVICE_ID) {
      throw new RingBuilderException(
          "device id " + device.id() + " is beyond " + RingBuilder.MAX_DEVICE_ID);
    }
    if (devices.containsKey(device.id())) {
      throw new RingBuilderException("device " + device.id() + " is there twice");
    }
    put(device);
    if (markedRemoved) {
      removed.add(device.id());
    }
  }

  /// Sets the next id to one that a file remembers.
  void restoreNextId(int remembered) throws RingBuilderException {
    if (remembered < nextId || remembered > RingBuilder.MAX_DEVICE_ID + 1) {
      throw new RingBuilderException("device ids reach beyond next_device_id");
    }
    nextId = remembered;
  }

  private void put(RingDevice device) {
    devices.put(device.id(), device);
    places.put(Place.of(device), device.id());
    nextId = Math.max(nextId, device.id().value() + 1);
  }

  /// Replaces what is known about a device; returns whether that changed anything.
  boolean update(RingDevice device) throws RingBuilderException {
    RingDevice old = known(device.id());
    if (isRemoved(device.id())) {
      throw new RingBuilderException("device " + device.id() + " is marked for removal");
    }
    checkUnique(device, device.id());
    places.remove(Place.of(old), device.id());
    put(device);
    return !old.equals(device);
  }

  void markRemoved(DeviceId device) throws RingBuilderException {
    known(device);
    if (!isRemoved(device) && devices.size() - removed.size() == 1) {
      throw new RingBuilderException(
          "device " + device + " is the ring's last: create a new ring instead");
    }
    removed.add(device);
  }

  /// Forgets the devices that are marked; returns how many.
  int dropRemoved() {
    int count = removed.size();
    for (DeviceId device : removed) {
      RingDevice old = devices.remove(device);
      if (old != null) {
        places.remove(Place.of(old), device);
      }
    }
    removed.clear();
    return count;
  }

  RingDevice known(DeviceId device) throws RingBuilderException {
    RingDevice known = devices.get(device);
    if (known == null) {
      throw new RingBuilderException("there is no device " + device);
    }
    return known;
  }

  private void checkUnique(RingDevice device, @Nullable DeviceId except)
      throws RingBuilderException {
    DeviceId holder = places.get(Place.of(device));
    if (holder != null && !holder.equals(except)) {
      throw new RingBuilderException(
          "device %s already uses %s/%s".formatted(holder, device.address(), device.device()));
    }
  }

  private DeviceId freeId() throws RingBuilderException {
    if (nextId <= RingBuilder.MAX_DEVICE_ID) {
      return new DeviceId(nextId);
    }
    for (int candidate = 0; candidate <= RingBuilder.MAX_DEVICE_ID; candidate++) {
      if (!knows(candidate)) {
        return new DeviceId(candidate);
      }
    }
    throw new RingBuilderException("the ring has " + devices.size() + " devices: no id is left");
  }
}
