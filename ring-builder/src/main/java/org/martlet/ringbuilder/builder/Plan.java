package org.martlet.ringbuilder.builder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.martlet.common.ring.RingDevice;

/// How many replicas each failure domain should hold, as a share of every partition and as a
/// whole number of partition replicas.
///
/// The shares are Swift's: by weight, then bent towards an even spread over regions, zones,
/// servers and devices as far as the overload allows. The whole numbers differ from the shares
/// by less than one, and where they could round either way they round towards what is held now,
/// so that planning a balanced ring again plans no move.
final class Plan {
  private static final double EPSILON = 1e-9;

  /// Each round closes a part of the remaining gap; real clusters need a dozen.
  private static final int ROUNDS = 10_000;

  /// Below this a share is lost in rounding, and dividing by it means nothing.
  private static final double LEAST_SHARE = 1e-12;

  private final Tier root;
  private final int parts;
  private final double requiredOverload;

  private Plan(Tier root, int parts, double requiredOverload) {
    this.root = root;
    this.parts = parts;
    this.requiredOverload = requiredOverload;
  }

  /// Plans.
  ///
  /// @param replicas over all partitions, `2^partPower * replica count` rounded down
  /// @param overload the fraction over its weight that a device accepts for a better spread
  /// @param held by device id, the partition replicas on it now
  /// @throws RingBuilderException if there are fewer devices than replicas of a partition
  static Plan of(
      Collection<RingDevice> devices, int parts, int replicas, double overload, int[] held)
      throws RingBuilderException {
    Tier root = Tier.tree(devices);
    double perPart = replicas / (double) parts;
    if (root.devices < perPart) {
      throw new RingBuilderException(
          "the ring has %s devices with a weight, too few for %s replicas"
              .formatted(root.devices, trim(perPart)));
    }
    weigh(root, perPart);
    if (root.leaves().stream().anyMatch(leaf -> !(leaf.weighted > LEAST_SHARE))) {
      throw new RingBuilderException(
          "the weights are too far apart: scale them, or use 0 to drain");
    }
    shareEvenly(root, perPart);
    disperse(root, perPart);
    double required = requiredOverload(root);
    aim(root, required <= 0 ? 1 : Math.min(overload, required) / required);
    countHeld(root, held);
    Plan plan = new Plan(root, parts, required);
    plan.split(root, replicas);
    return plan;
  }

  Tier root() {
    return root;
  }

  /// The overload at which the spread is as unique as the devices allow; 0 if it is so already.
  double requiredOverload() {
    return requiredOverload;
  }

  /// The most replicas of one partition that a domain may hold under this plan.
  static int most(Tier tier) {
    return (int) Math.ceil(tier.target - EPSILON);
  }

  /// The fewest replicas of one partition that a domain should hold under this plan.
  static int least(Tier tier) {
    return (int) Math.floor(tier.target + EPSILON);
  }

  private static String trim(double replicas) {
    return replicas == Math.rint(replicas) ? Long.toString((long) replicas) : "" + replicas;
  }

  /// By weight, at most one replica of a partition to a device; the excess goes to the others.
  private static void weigh(Tier root, double replicas) {
    List<Tier> leaves = root.leaves();
    double weights = leaves.stream().mapToDouble(Plan::weight).sum();
    for (Tier leaf : leaves) {
      leaf.weighted = Math.min(1, weight(leaf) * replicas / weights);
    }
    for (int round = 0; round < ROUNDS; round++) {
      double remaining = replicas - leaves.stream().mapToDouble(leaf -> leaf.weighted).sum();
      double room = leaves.stream().mapToDouble(t -> t.weighted < 1 ? t.weighted : 0).sum();
      if (remaining < EPSILON / 10 || room <= 0) {
        break;
      }
      for (Tier leaf : leaves) {
        leaf.weighted = Math.min(1, leaf.weighted * (1 + remaining / room));
      }
    }
    sumUp(root);
  }

  private static double weight(Tier leaf) {
    return leaf.device == null ? 0 : leaf.device.weight();
  }

  private static void sumUp(Tier tier) {
    if (tier.children.isEmpty()) {
      return;
    }
    tier.weighted = 0;
    for (Tier child : tier.children) {
      sumUp(child);
      tier.weighted += child.weighted;
    }
  }

  private static void shareEvenly(Tier tier, double share) {
    tier.evenShare = tier.children.isEmpty() ? Math.min(1, share) : share;
    tier.children.forEach(child -> shareEvenly(child, share / tier.children.size()));
  }

  /// Divides a domain's replicas among its children by weight, between the whole numbers around
  /// an even share; above that only where too few devices leave no choice.
  private static void disperse(Tier tier, double replicas) throws RingBuilderException {
    tier.wanted = replicas;
    if (tier.children.isEmpty()) {
      return;
    }
    tier.children.forEach(child -> child.wanted = 0);
    List<Tier> open = tier.children;
    boolean deviceLimited = false;
    double remaining = replicas;
    for (int round = 0; Math.abs(remaining) > EPSILON / 10; round++) {
      if (open.isEmpty() || round == ROUNDS) {
        throw new RingBuilderException(
            "cannot spread %s replicas over %d failure domains".formatted(replicas, tier.devices));
      }
      double scale = remaining / sum(open, child -> child.weighted);
      for (Tier child : open) {
        child.wanted = clamp(child, child.wanted + child.weighted * scale, deviceLimited);
      }
      remaining = replicas - sum(tier.children, child -> child.wanted);
      if (remaining < 0) {
        open = filter(tier, child -> child.wanted > fewest(child));
      } else {
        open = filter(tier, child -> child.wanted < Math.min(child.devices, most(child.evenShare)));
        if (open.isEmpty()) {
          deviceLimited = true;
          open = filter(tier, child -> child.wanted < child.devices);
        }
      }
    }
    for (Tier child : tier.children) {
      disperse(child, child.wanted);
    }
  }

  private static double clamp(Tier tier, double replicas, boolean deviceLimited) {
    double bounded = replicas;
    if (bounded < fewest(tier)) {
      bounded = fewest(tier);
    } else if (bounded > most(tier.evenShare) && !deviceLimited) {
      bounded = most(tier.evenShare);
    }
    return Math.min(bounded, tier.devices);
  }

  private static double fewest(Tier tier) {
    return Math.min(tier.devices, Math.floor(tier.evenShare + EPSILON));
  }

  private static double most(double share) {
    return Math.ceil(share - EPSILON);
  }

  private static List<Tier> filter(Tier tier, Predicate<Tier> which) {
    return tier.children.stream().filter(which).toList();
  }

  private static double sum(List<Tier> tiers, ToDoubleFunction<Tier> of) {
    return tiers.stream().mapToDouble(of).sum();
  }

  private static double requiredOverload(Tier root) {
    double required = 0;
    for (Tier leaf : root.leaves()) {
      required = Math.max(required, (leaf.wanted - leaf.weighted) / leaf.weighted);
    }
    return required < EPSILON ? 0 : required;
  }

  private static void aim(Tier tier, double towardsWanted) {
    tier.target = tier.weighted + (tier.wanted - tier.weighted) * towardsWanted;
    tier.children.forEach(child -> aim(child, towardsWanted));
  }

  private static int countHeld(Tier tier, int[] held) {
    if (tier.device != null) {
      int id = tier.device.id().value();
      tier.held = id < held.length ? held[id] : 0;
    } else {
      tier.held = tier.children.stream().mapToInt(child -> countHeld(child, held)).sum();
    }
    return tier.held;
  }

  /// Rounds the shares of a domain's children so that they add up to its own whole number.
  private void split(Tier tier, int quota) {
    tier.quota = quota;
    List<Tier> children = tier.children;
    if (children.isEmpty()) {
      return;
    }
    int[] given = new int[children.size()];
    double[] fraction = new double[given.length];
    for (int i = 0; i < given.length; i++) {
      double exact = children.get(i).target * parts;
      given[i] = (int) Math.floor(exact + EPSILON * parts);
      fraction[i] = Math.max(0, exact - given[i]);
    }
    List<Integer> order = new ArrayList<>(IntStream.range(0, given.length).boxed().toList());
    order.sort(
        Comparator.comparing((Integer i) -> fraction[i] <= EPSILON * parts)
            .thenComparing(i -> children.get(i).held <= given[i])
            .thenComparingDouble(i -> -fraction[i]));
    int leftOver = quota - Arrays.stream(given).sum();
    for (int i = 0; leftOver > 0; i++, leftOver--) {
      given[order.get(i % given.length)]++;
    }
    for (int i = given.length - 1; leftOver < 0; i = i == 0 ? given.length - 1 : i - 1) {
      if (given[order.get(i)] > 0) {
        given[order.get(i)]--;
        leftOver++;
      }
    }
    for (int i = 0; i < given.length; i++) {
      split(children.get(i), given[i]);
    }
  }
}
