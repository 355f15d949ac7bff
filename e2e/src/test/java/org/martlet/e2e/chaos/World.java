package org.martlet.e2e.chaos;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything that the clients write to: a few containers that stay, and one of each client that
/// comes and goes. Every object has one client that changes it.
final class World {
  static final int SHARED = 4;
  private static final int IN_PASSING = 2;

  /// A container that comes and goes, and the objects that are only ever in it.
  record Passing(ContainerTruth container, List<ObjectTruth> objects) {}

  private final Map<String, ObjectTruth> objects = new LinkedHashMap<>();
  private final List<List<ObjectTruth>> ofClient = new ArrayList<>();
  private final List<Passing> passing = new ArrayList<>();

  World(int clients, int names) {
    for (int client = 0; client < clients; client++) {
      List<ObjectTruth> own = new ArrayList<>();
      for (int i = 0; i < names; i++) {
        own.add(add("c" + i % SHARED, client + "-" + i));
      }
      ofClient.add(List.copyOf(own));
      String name = "e" + client;
      List<ObjectTruth> within = new ArrayList<>();
      for (int i = 0; i < IN_PASSING; i++) {
        within.add(add(name, name + "-" + i));
      }
      passing.add(new Passing(new ContainerTruth(name), List.copyOf(within)));
    }
  }

  private ObjectTruth add(String container, String name) {
    ObjectTruth truth = new ObjectTruth(container, name);
    objects.put(container + "/" + name, truth);
    return truth;
  }

  List<ObjectTruth> all() {
    return List.copyOf(objects.values());
  }

  List<ObjectTruth> in(String container) {
    return objects.values().stream().filter(o -> o.container().equals(container)).toList();
  }

  ObjectTruth find(String container, String name) {
    return objects.get(container + "/" + name);
  }

  List<ObjectTruth> ofClient(int client) {
    return ofClient.get(client);
  }

  Passing passing(int client) {
    return passing.get(client);
  }

  /// Every container with whether it may be there and may be absent.
  List<ContainerTruth> containers() {
    List<ContainerTruth> all = new ArrayList<>();
    for (int i = 0; i < SHARED; i++) {
      ContainerTruth stays = new ContainerTruth("c" + i);
      stays.end(true, ObjectTruth.Outcome.DONE);
      all.add(stays);
    }
    passing.forEach(each -> all.add(each.container()));
    return all;
  }
}
